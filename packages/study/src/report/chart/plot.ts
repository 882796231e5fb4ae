import { type Markup, markup, NOTHING } from '../markup.ts';
import type { Axis, Range } from './axis.ts';
import type { Axes } from './marks.ts';

/** The user units of one chart: one CSS pixel where it is shown in its natural size. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Three beside each other on a desk, one on a telephone. */
export const MEDIUM: Size = { width: 340, height: 240 };
/** Six beside each other on a desk, two on a telephone. */
export const SMALL: Size = { width: 168, height: 184 };

const LEFT = 42;
const TOP = 52;
const BOTTOM = 34;

/** The ranges of the axes, with room for ticks and units, and at the right for names. */
export function inside(size: Size, right = 14): { readonly x: Range; readonly y: Range } {
  return { x: [LEFT, size.width - right], y: [size.height - BOTTOM, TOP] };
}

interface Plot extends Axes {
  readonly size: Size;
  /** What a screen reader says, and the heading over the plot. */
  readonly title: string;
  /** What is to be seen, in a sentence or two with the figures. */
  readonly description: string;
  readonly marks: readonly Markup[];
}

/** An SVG chart: grid, axes with their units, and the marks above them. */
export function plot({ x, y, marks, ...rest }: Plot): Markup {
  return picture({ ...rest, content: markup`${levels(x, y)}${uprights(x, y)}${marks}` });
}

interface Picture {
  readonly size: Size;
  readonly title: string;
  readonly description: string;
  readonly content: Markup;
}

/** About the width of a bold character at 12 pixels, in the widest of the page's fonts. */
const HEAD_CHARACTER = 7.4;

/** An SVG with its title, for the eye and for a screen reader, and its description. */
export function picture({ size, title, description, content }: Picture): Markup {
  const { width, height } = size;
  const head = wrapped(title, Math.floor(width / HEAD_CHARACTER)).map(
    (line, i) => markup`<text class="head" x="0" y="${13 + i * 14}">${line}</text>`,
  );
  return markup`<svg class="chart" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${title}</title><desc>${description}</desc>${head}${content}</svg>
`;
}

/** Text cut to so many characters. */
export function cut(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** At most two lines of so many characters, parted at a space: SVG does not break lines. */
export function wrapped(text: string, most: number): string[] {
  const parting = text.lastIndexOf(' ', most);
  if (text.length <= most || parting <= 0) return [cut(text, most)];
  return [text.slice(0, parting), cut(text.slice(parting + 1), most)];
}

function levels(x: Axis, y: Axis): Markup {
  const [left, right] = x.range;
  const drawn = y.ticks.map(({ value, text }) => {
    const at = y.at(value);
    return markup`<path class="grid" d="M${left},${at}H${right}"/><text class="tick" x="${left - 5}" y="${at + 4}" text-anchor="end">${text}</text>`;
  });
  if (y.label === '') return markup`${drawn}`;
  return markup`${drawn}<text class="unit" x="0" y="${y.range[1] - 10}">${y.label}</text>`;
}

function uprights(x: Axis, y: Axis): Markup {
  const foot = y.range[0];
  const [left, right] = x.range;
  const drawn = x.ticks.map(({ value, text }) => {
    const at = x.at(value);
    return markup`<path class="axis" d="M${at},${foot}v4"/><text class="tick" x="${at}" y="${foot + 15}" text-anchor="middle">${text}</text>`;
  });
  const unit =
    x.label === ''
      ? NOTHING
      : markup`<text class="unit" x="${right}" y="${foot + 29}" text-anchor="end">${x.label}</text>`;
  return markup`<path class="axis" d="M${left},${foot}H${right}"/>${drawn}${unit}`;
}
