/**
 * "a photo of a shark", "a photo of an owl": the prompt of the paper with the article that the
 * embedded model's captions have. `an` goes before a, e, i, o and u, but not before `uni`.
 */
export function promptFor(name: string): string {
  const isAn = /^[aeiou]/i.test(name) && !/^uni/i.test(name);
  return `a photo of ${isAn ? 'an' : 'a'} ${name}`;
}
