const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** Small numbers as words, the rest as digits. */
export function inWords(number: number): string {
  return WORDS[number] ?? String(number);
}

/** "one node", "three nodes" */
export function counted(number: number, noun: string): string {
  return `${inWords(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** "1 bit", "2 bits": a measure, so in digits. */
export function inBits(bits: number): string {
  return `${bits} ${bits === 1 ? 'bit' : 'bits'}`;
}

export function capitalised(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
