import { colorBin } from '@semblance/perceptual-hash/color-hash';
import { luma } from '@semblance/perceptual-hash/grey';

/*
 * The colour hash is a count: which share of the pixels is black, grey, or of which hue and
 * saturation. Pixels are recoloured at the same luma until the counts are right.
 */

export type Rgb = readonly [red: number, green: number, blue: number];

export const BLACK = 0;
const GREY = 1;
const FIRST_HUE = 2;
const BINS = 14;
/** Luma below which a pixel is black. */
export const BLACK_BELOW = 32;

/** What a count of pixels may be: from `low` to `high`. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The range of a bin's count that spells its three bits of the hash. (Shares of 4 and 6 eighths are
 * spelled alike, as are 5 and 7; the smaller is taken.)
 */
export function rangeOf(hash: Uint8Array, bin: number, total: number): Range {
  let bits = 0;
  for (let i = 0; i < 3; i++) {
    const at = bin * 3 + i + 8 * hash.length - 3 * BINS;
    bits = 2 * bits + (((hash[at >> 3] as number) >> (7 - (at & 7))) & 1);
  }
  const eighths = bits >= 6 ? bits - 2 : bits;
  return {
    low: Math.ceil((eighths * total) / 8),
    high: Math.ceil(((eighths + 1) * total) / 8) - 1,
  };
}

/**
 * Recolours pixels, each at its luma, so that every bin's count is in its range; black pixels are
 * where they have to be already. Undefined where too few pixels can take a colour.
 */
export function recolour(colours: readonly Rgb[], hash: Uint8Array): Rgb[] | undefined {
  const bins = colours.map((colour) => colorBin(...colour));
  const counts = new Array<number>(BINS + 1).fill(0);
  for (const bin of bins) counts[bin] = (counts[bin] as number) + 1;
  const goals = goalsOf(counts, hash, colours.length);
  if (goals === undefined) return undefined;

  const result = [...colours];
  // those that fewest lumas can take choose first
  const wanting = goals
    .map((goal, bin) => ({ bin, missing: goal - (counts[bin] as number) }))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => brightest(a.bin) - brightest(b.bin));
  for (const { bin, missing } of wanting) {
    let left = missing;
    // the brightest that the colour can take: darker ones are easier to place later
    const byLuma = bins
      .map((from, pixel) => ({ from, pixel, y: luma(...(colours[pixel] as Rgb)) }))
      .filter(({ y }) => paletteColour(bin, y) !== undefined)
      .sort((a, b) => b.y - a.y || a.pixel - b.pixel);
    for (const { from, pixel, y } of byLuma) {
      if (left === 0) break;
      if (from === BLACK || from === bin) continue;
      if ((counts[from] as number) <= (goals[from] ?? 0)) continue;
      result[pixel] = paletteColour(bin, y) as Rgb;
      bins[pixel] = bin;
      counts[from] = (counts[from] as number) - 1;
      counts[bin] = (counts[bin] as number) + 1;
      left--;
    }
    if (left > 0) return undefined;
  }
  return result;
}

/** Counts in their ranges that sum up to all pixels, as near to what is there as may be. */
function goalsOf(
  counts: readonly number[],
  hash: Uint8Array,
  pixels: number,
): number[] | undefined {
  const clamp = (bin: number, total: number) => {
    const { low, high } = rangeOf(hash, bin, total);
    return Math.min(high, Math.max(low, counts[bin] as number));
  };
  const black = counts[BLACK] as number;
  const grey = clamp(GREY, pixels);
  const coloured = pixels - black - grey;
  if (coloured < 0 || clamp(BLACK, pixels) !== black) return undefined;
  const goals = [black, grey];
  for (let bin = FIRST_HUE; bin < BINS; bin++) goals.push(clamp(bin, coloured));
  let excess = goals.reduce((sum, goal) => sum + goal, 0) - pixels;
  for (let bin = FIRST_HUE; bin < BINS && excess !== 0; bin++) {
    const { low, high } = rangeOf(hash, bin, coloured);
    const goal = goals[bin] as number;
    const moved = Math.min(high, Math.max(low, goal - excess));
    excess += moved - goal;
    goals[bin] = moved;
  }
  return excess === 0 ? goals : undefined;
}

const HUES = 6;
/** Saturations well within faint and within bright. */
const SATURATIONS = { faint: [0.45, 0.55], bright: [0.72, 0.8, 0.95] } as const;
const palette = new Map<number, Rgb | undefined>();

/** A colour of that bin with exactly that luma, if there is one. */
export function paletteColour(bin: number, y: number): Rgb | undefined {
  const key = bin * 256 + y;
  if (!palette.has(key)) palette.set(key, findColour(bin, y));
  return palette.get(key);
}

function findColour(bin: number, y: number): Rgb | undefined {
  if (bin === GREY || bin === BLACK) return colorBin(y, y, y) === bin ? [y, y, y] : undefined;
  const hue = (bin - FIRST_HUE) % HUES;
  const saturations = bin < FIRST_HUE + HUES ? SATURATIONS.faint : SATURATIONS.bright;
  for (const saturation of saturations) {
    for (const part of [0.5, 0.2, 0.8]) {
      const colour = withLuma(hueColour(hue + part, saturation), y);
      if (colour !== undefined && colorBin(...colour) === bin) return colour;
    }
  }
  return undefined;
}

/** The largest luma of a bin's colours. */
function brightest(bin: number): number {
  for (let y = 255; y > 0; y--) if (paletteColour(bin, y) !== undefined) return y;
  return 0;
}

/** Channels from 0 to 1 of a hue in sixths of the circle, at full value. */
function hueColour(hue: number, saturation: number): Rgb {
  const channel = (offset: number) => {
    const k = (offset + hue) % 6;
    return 1 - saturation * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A colour scaled to a luma and rounded to it, if it fits in bytes. */
export function withLuma([red, green, blue]: Rgb, y: number): Rgb | undefined {
  const now = 0.299 * red + 0.587 * green + 0.114 * blue;
  if (now === 0) return y === 0 ? [0, 0, 0] : undefined;
  const scale = y / now;
  const scaled = [red, green, blue].map((x) => Math.round(x * scale)) as [number, number, number];
  // rounding leaves the luma off by one at most: green moves it by 0.6, red by 0.3, blue by 0.1
  for (const [dRed, dGreen, dBlue] of NUDGES) {
    const colour = [scaled[0] + dRed, scaled[1] + dGreen, scaled[2] + dBlue] as const;
    if (colour.some((x) => x < 0 || x > 255)) continue;
    if (luma(...colour) === y) return colour;
  }
  return undefined;
}

const STEPS = [0, 1, -1, 2, -2];
const NUDGES = STEPS.flatMap((g) =>
  STEPS.flatMap((r) => STEPS.map((b) => [r, g, b] as const)),
).sort((a, b) => size(a) - size(b));

function size(nudge: readonly number[]): number {
  return nudge.reduce((sum, x) => sum + Math.abs(x), 0);
}
