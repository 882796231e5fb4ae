/**
 * A piece of HTML or SVG in which every value has been escaped. `markup` makes
 * it; the style sheet is the only other one, so text from data reaches the page in no other way.
 */
export interface Markup {
  readonly source: string;
}

type Content = Markup | string | number | readonly Content[];

/**
 * Fills a template. Strings are escaped for text and for quoted attributes, numbers are written
 * with at most two decimals (they are coordinates; figures are written by `figures.ts`), lists are
 * joined. What comes out is well-formed XML as well as HTML if the template is.
 *
 * @throws RangeError for a number that is not finite: a chart must never hold NaN.
 */
export function markup(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const pieces = values.map((value, i) => `${sourceOf(value)}${template[i + 1]}`);
  return { source: `${template[0]}${pieces.join('')}` };
}

export const NOTHING: Markup = markup``;

function sourceOf(value: Content): string {
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return coordinate(value);
  if ('source' in value) return value.source;
  return value.map(sourceOf).join('');
}

function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} in markup`);
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that XML forbids, and those that turn the direction of the text around them. */
const UNPRINTABLE =
  /[^\t\n\r\u0020-\u007e\u00a0-\u{10ffff}]|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu;

function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
