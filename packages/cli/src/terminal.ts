import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Styled when standard output is a terminal that wants colour, plain otherwise. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Columns padded to their widest cell; the first row is the heading. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  return rows
    .map((row, n) => {
      const cells = row.map((cell, c) => cell + ' '.repeat((widths[c] ?? 0) - width(cell)));
      const line = `${indent}${cells.join('  ')}`.trimEnd();
      return n === 0 ? paint('dim', line) : line;
    })
    .join('\n');
}

function width(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** The start and end of an address or digest, enough to tell it from its neighbours. */
export function short(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}

/** An amount of base units in the unit that people read: 1 SEM is 1,000,000 usem. */
export function sem(amount: string | bigint): string {
  return `${inSem(amount)} SEM`;
}

/** The same without the unit, for a column that names it. */
export function inSem(amount: string | bigint): string {
  const units = BigInt(amount);
  const fraction = (units % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${units / 1_000_000n}${fraction ? `.${fraction}` : ''}`;
}

/** "1 bit", "2 bits". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Text control characters, which a hostile name could use to rewrite the screen, made visible. */
export function safe(text: string): string {
  return Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 32 || (code >= 127 && code < 160) ? '�' : char;
  }).join('');
}
