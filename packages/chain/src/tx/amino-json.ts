/** JSON as amino signs it: whole numbers only, big ones and bytes as strings. */
export type AminoJson =
  | string
  | number
  | boolean
  | readonly AminoJson[]
  | { readonly [key: string]: AminoJson };

/**
 * The one text of a JSON value: keys ascending, no spaces, and `&`, `<`, `>` escaped, which is how
 * Go prints and CosmJS signs it.
 */
export function canonicalJson(value: AminoJson): string {
  if (typeof value === 'string') return jsonString(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${jsonString(key)}:${canonicalJson(value[key] as AminoJson)}`);
  return `{${members.join(',')}}`;
}

function isList(value: AminoJson): value is readonly AminoJson[] {
  return Array.isArray(value);
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function jsonString(text: string): string {
  let quoted = '"';
  for (const character of text) quoted += SHORT[character] ?? escaped(character);
  return `${quoted}"`;
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  const isEscaped = code < 0x20 || character === '&' || character === '<' || character === '>';
  return isEscaped ? `\\u${code.toString(16).padStart(4, '0')}` : character;
}
