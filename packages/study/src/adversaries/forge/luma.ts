import type { PerceptualHashes } from '@semblance/perceptual-hash/hashes';
import {
  addGradient,
  averageFeatures,
  differenceFeatures,
  type Feature,
  featureValue,
  gramOf,
  type Plane,
  perceptualFeatures,
} from './features.ts';

/** A hash as the signs of features, each to be at least `margin` away from where it turns. */
interface Aim {
  readonly feature: Feature;
  readonly sign: 1 | -1;
  readonly margin: number;
  /** Perceptual hash: compared with the median, which is held where it was. */
  readonly pivot: number;
}

export type Wanted = Partial<Pick<PerceptualHashes, 'average' | 'difference' | 'perceptual'>>;

/** Room for the roundings on the way to a hash: of pixels, of two passes of resizing. */
const MARGINS = { average: 1.5, difference: 1.5, perceptual: 60 } as const;
const FEATURES = {
  average: averageFeatures,
  difference: differenceFeatures,
  perceptual: perceptualFeatures,
} as const;
const ROUNDS = 12;
const SWEEPS = 400;

/**
 * Moves a luma plane until its hashes are those wanted, as little as it takes: a point in the
 * intersection of half-spaces by Kaczmarz's cyclic projections. The plane is changed in place.
 *
 * @param lift scales the margins; more than 1 where the roundings were not to be had
 * @param bound brings a pixel's value into its range
 */
export function moveLuma(
  plane: Plane,
  wanted: Wanted,
  lift: number,
  bound: (value: number, pixel: number) => number,
): void {
  const aims = aimsOf(plane, wanted, lift);
  const gram = gramFor(plane, wanted, aims);
  for (let round = 0; round < ROUNDS; round++) {
    const amounts = project(aims, gram, plane);
    if (amounts === undefined) return;
    amounts.forEach((amount, i) => {
      if (amount !== 0) addGradient((aims[i] as Aim).feature, amount, plane);
    });
    for (const [pixel, value] of plane.data.entries()) plane.data[pixel] = bound(value, pixel);
  }
}

function aimsOf(plane: Plane, wanted: Wanted, lift: number): Aim[] {
  const aims: Aim[] = [];
  for (const name of ['average', 'difference', 'perceptual'] as const) {
    const hash = wanted[name];
    if (hash === undefined) continue;
    const features = featuresOf(name, plane);
    const pivot =
      name === 'perceptual' ? median(features.map((one) => featureValue(one, plane))) : 0;
    for (const [i, feature] of features.entries()) {
      const isSet = ((hash[i >> 3] as number) & (0x80 >> (i & 7))) !== 0;
      aims.push({ feature, sign: isSet ? 1 : -1, margin: lift * MARGINS[name], pivot });
    }
  }
  return aims;
}

/**
 * How far to go along each gradient so that all aims are met, were there no bounds: projections in
 * the space of the features' values. Undefined when all are met already.
 */
function project(
  aims: readonly Aim[],
  gram: readonly Float64Array[],
  plane: Plane,
): Float64Array | undefined {
  const values = Float64Array.from(aims, ({ feature }) => featureValue(feature, plane));
  const amounts = new Float64Array(aims.length);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let met = true;
    for (const [i, { sign, margin, pivot }] of aims.entries()) {
      const gap = margin - sign * ((values[i] as number) - pivot);
      if (gap <= 1e-6 * margin) continue;
      met = false;
      const moves = gram[i] as Float64Array;
      // a little further than needed, or the projections only ever come near
      const amount = (sign * 1.05 * gap) / (moves[i] as number);
      amounts[i] = (amounts[i] as number) + amount;
      for (let j = 0; j < values.length; j++) {
        values[j] = (values[j] as number) + amount * (moves[j] as number);
      }
    }
    if (met) return sweep === 0 ? undefined : amounts;
  }
  return amounts;
}

const features = new Map<string, Feature[]>();
const grams = new Map<string, Float64Array[]>();

function featuresOf(name: keyof typeof FEATURES, { width, height }: Plane): Feature[] {
  return remember(features, `${name} ${width} ${height}`, () => FEATURES[name](width, height));
}

function gramFor({ width, height }: Plane, wanted: Wanted, aims: readonly Aim[]): Float64Array[] {
  const names = Object.keys(wanted).sort().join();
  return remember(grams, `${names} ${width} ${height}`, () =>
    gramOf(aims.map(({ feature }) => feature)),
  );
}

/** A study has pictures of one size. */
const MAX_REMEMBERED = 8;

function remember<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MAX_REMEMBERED) known.clear();
  const made = make();
  known.set(key, made);
  return made;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted.length / 2;
  return ((sorted[upper - 1] as number) + (sorted[upper] as number)) / 2;
}
