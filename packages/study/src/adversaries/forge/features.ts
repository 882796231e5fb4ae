import { lanczosKernel, weightBits } from '@semblance/perceptual-hash/lanczos';

/*
 * The quantities whose signs are the bits of the average, difference and perceptual hash, as linear
 * functions of the picture's luma: but for rounding, resizing and the cosine transform are linear.
 * Each is a sum of products rows^T Y columns, since both are separable.
 */

const SIDE = 8;
const DCT_SIDE = 32;

export interface Feature {
  readonly terms: readonly Term[];
}

interface Term {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** A luma plane, row-major, not rounded. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float64Array;
}

/** Bit i of the average hash: a thumbnail's pixel less the thumbnail's mean, positive if set. */
export function averageFeatures(width: number, height: number): Feature[] {
  const rows = resampling(height, SIDE);
  const columns = resampling(width, SIDE);
  const mean = { rows: sum(rows, -1 / SIDE ** 2), columns: sum(columns, 1) };
  return grid((y, x) => ({
    terms: [{ rows: rows[y] as Float64Array, columns: columns[x] as Float64Array }, mean],
  }));
}

/** Bit i of the difference hash: a thumbnail's pixel less the one to its left. */
export function differenceFeatures(width: number, height: number): Feature[] {
  const rows = resampling(height, SIDE);
  const columns = resampling(width, SIDE + 1);
  return grid((y, x) => {
    const right = columns[x + 1] as Float64Array;
    const left = columns[x] as Float64Array;
    return {
      terms: [
        {
          rows: rows[y] as Float64Array,
          columns: right.map((weight, i) => weight - (left[i] as number)),
        },
      ],
    };
  });
}

/** Bit i of the perceptual hash: a low frequency, to be compared with the median of all 64. */
export function perceptualFeatures(width: number, height: number): Feature[] {
  const rows = cosines(resampling(height, DCT_SIDE));
  const columns = cosines(resampling(width, DCT_SIDE));
  return grid((y, x) => ({
    terms: [{ rows: rows[y] as Float64Array, columns: columns[x] as Float64Array }],
  }));
}

/** The feature's value on a plane. */
export function featureValue({ terms }: Feature, plane: Plane): number {
  return terms.reduce((total, term) => total + termOf(term, plane), 0);
}

function termOf({ rows, columns }: Term, { width, height, data }: Plane): number {
  let total = 0;
  for (let y = 0; y < height; y++) {
    const weight = rows[y] as number;
    if (weight === 0) continue;
    let row = 0;
    for (let x = 0; x < width; x++) row += (columns[x] as number) * (data[y * width + x] as number);
    total += weight * row;
  }
  return total;
}

/** Adds `amount` times the feature's gradient to a plane. */
export function addGradient({ terms }: Feature, amount: number, plane: Plane): void {
  const { width, height, data } = plane;
  for (const { rows, columns } of terms) {
    for (let y = 0; y < height; y++) {
      const weight = amount * (rows[y] as number);
      if (weight === 0) continue;
      for (let x = 0; x < width; x++) {
        data[y * width + x] = (data[y * width + x] as number) + weight * (columns[x] as number);
      }
    }
  }
}

/** The products of all gradients: how a move along one feature moves the others. */
export function gramOf(features: readonly Feature[]): Float64Array[] {
  return features.map((a) => Float64Array.from(features, (b) => product(a, b)));
}

function product(a: Feature, b: Feature): number {
  let total = 0;
  for (const one of a.terms) {
    for (const other of b.terms)
      total += dot(one.rows, other.rows) * dot(one.columns, other.columns);
  }
  return total;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, x, i) => total + x * (b[i] as number), 0);
}

/** The weights of every output sample on all input samples. */
function resampling(input: number, output: number): Float64Array[] {
  if (input === output) {
    return Array.from({ length: output }, (_, i) => new Float64Array(input).fill(1, i, i + 1));
  }
  const { stride, starts, counts, weights } = lanczosKernel(input, output);
  return Array.from({ length: output }, (_, i) => {
    const row = new Float64Array(input);
    for (let t = 0; t < (counts[i] as number); t++) {
      row[(starts[i] as number) + t] = (weights[i * stride + t] as number) / 2 ** weightBits;
    }
    return row;
  });
}

/** The 8 lowest frequencies of the unnormalised DCT-II of resampled samples. */
function cosines(samples: readonly Float64Array[]): Float64Array[] {
  return Array.from({ length: SIDE }, (_, frequency) => {
    const row = new Float64Array((samples[0] as Float64Array).length);
    samples.forEach((weights, n) => {
      const wave = 2 * Math.cos((Math.PI * frequency * (2 * n + 1)) / (2 * DCT_SIDE));
      weights.forEach((weight, i) => {
        row[i] = (row[i] as number) + wave * weight;
      });
    });
    return row;
  });
}

function sum(rows: readonly Float64Array[], scale: number): Float64Array {
  return (rows[0] as Float64Array).map(
    (_, i) => scale * rows.reduce((total, row) => total + (row[i] as number), 0),
  );
}

function grid(make: (y: number, x: number) => Feature): Feature[] {
  return Array.from({ length: SIDE * SIDE }, (_, i) => make(Math.floor(i / SIDE), i % SIDE));
}
