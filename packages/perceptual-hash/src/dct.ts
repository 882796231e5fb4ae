/*
 * The type-II discrete cosine transform of 32 samples with the very roundings of scipy (pocketfft,
 * double precision, no fused multiply-add): the perceptual hash compares coefficients with their
 * median, and a symmetric image has many that are zero but for rounding, so a transform that is
 * merely accurate gives other bits.
 *
 * The plan is pocketfft's: fold the samples into a half-complex spectrum, go back to the time
 * domain in stages of radix 2, 4 and 4, then rotate by quarter-sample twiddles. All of it is
 * additions and multiplications of doubles, which IEEE 754 fixes; the twiddles are constants with
 * pocketfft's own last bits, not the nearest doubles. Checked against scipy 1.17 by the vectors.
 */

/** Number of samples of the transform. */
export const dctSize = 32;

/** cos(pi (i + 1) / 64). */
// biome-ignore format: a table
const quarterWave = [
  0.9987954562051724, 0.9951847266721969, 0.989176509964781, 0.9807852804032304,
  0.970031253194544, 0.9569403357322088, 0.9415440651830208, 0.9238795325112867,
  0.9039892931234433, 0.881921264348355, 0.8577286100002721, 0.8314696123025452,
  0.8032075314806449, 0.773010453362737, 0.7409511253549591, 0.7071067811865475,
  0.6715589548470183, 0.6343932841636455, 0.5956993044924332, 0.5555702330196022,
  0.5141027441932217, 0.47139673682599753, 0.42755509343028203, 0.38268343236508967,
  0.33688985339221994, 0.2902846772544623, 0.24298017990326393, 0.19509032201612825,
  0.14673047445536164, 0.09801714032956049, 0.04906767432741799,
] as const;

/** cos and sin of 2 pi i / 32. */
const rootsOfUnity = [
  [1, 0],
  [0.9807852804032304, 0.19509032201612825],
  [0.9238795325112867, 0.3826834323650898],
  [0.8314696123025452, 0.5555702330196022],
  [0.7071067811865475, Math.SQRT1_2],
  [0.5555702330196022, 0.8314696123025452],
  [0.3826834323650898, 0.9238795325112867],
  [0.19509032201612825, 0.9807852804032304],
] as const;

/**
 * The unnormalised DCT-II of 32 samples: out[k] = 2 sum over n of x[n] cos(pi k (2n + 1) / 64).
 * The input is left as it is.
 */
export function dct(samples: ArrayLike<number>): Float64Array {
  const signal = inverseRealFft(foldSamples(samples));
  const spectrum = new Float64Array(dctSize);
  spectrum[0] = signal[0] as number;
  for (let k = 1; k < dctSize / 2; k++) {
    const mirror = dctSize - k;
    const a = signal[k] as number;
    const b = signal[mirror] as number;
    const near = quarterWave[k - 1] as number;
    const far = quarterWave[mirror - 1] as number;
    const sum = near * b + far * a;
    const difference = near * a - far * b;
    spectrum[k] = 0.5 * (sum + difference);
    spectrum[mirror] = 0.5 * (sum - difference);
  }
  spectrum[dctSize / 2] =
    (signal[dctSize / 2] as number) * (quarterWave[dctSize / 2 - 1] as number);
  return spectrum;
}

/** Half-complex spectrum (r0, r1, i1, r2, i2, ... r16) whose inverse transform is the DCT's core. */
function foldSamples(samples: ArrayLike<number>): Float64Array {
  const folded = new Float64Array(dctSize);
  folded[0] = (samples[0] as number) * 2;
  for (let k = 1; k < dctSize - 1; k += 2) {
    const odd = samples[k] as number;
    const even = samples[k + 1] as number;
    folded[k] = even + odd;
    folded[k + 1] = even - odd;
  }
  folded[dctSize - 1] = (samples[dctSize - 1] as number) * 2;
  return folded;
}

function inverseRealFft(spectrum: Float64Array): Float64Array {
  return radix4Last(radix4First(radix2(spectrum)));
}

/*
 * Each stage takes `groups` runs of half-complex spectra of length radix * run and splits every
 * one into `radix` spectra of length run. In a run, index 0 is the mean, the pair (i - 1, i) the
 * real and imaginary part of one frequency, the last index the highest frequency.
 */

function radix2(input: Float64Array): Float64Array {
  const run = 16;
  const output = new Float64Array(dctSize);
  const first = (i: number) => input[i] as number;
  const second = (i: number) => input[i + run] as number;
  output[0] = first(0) + second(run - 1);
  output[run] = first(0) - second(run - 1);
  for (let i = 2; i < run; i += 2) {
    const mirror = run - i;
    const real = first(i - 1) - second(mirror - 1);
    const imaginary = first(i) + second(mirror);
    output[i - 1] = first(i - 1) + second(mirror - 1);
    output[i] = first(i) - second(mirror);
    rotate(output, run + i, i / 2, real, imaginary);
  }
  output[run - 1] = 2 * first(run - 1);
  output[run + run - 1] = -2 * second(0);
  return output;
}

/** Radix 4 on 2 groups, run 4. */
function radix4First(input: Float64Array): Float64Array {
  const output = new Float64Array(dctSize);
  for (let group = 0; group < 2; group++) {
    const at = (index: number, part: number) => input[index + 4 * (part + 4 * group)] as number;
    const target = (part: number) => 4 * (group + 2 * part);
    splitMeans(output, [target(0), target(1), target(2), target(3)], {
      mean: at(0, 0),
      quarter: at(3, 1),
      half: at(0, 2),
      last: at(3, 3),
    });

    const sum = at(3, 0) + at(3, 2);
    const difference = at(3, 0) - at(3, 2);
    const crossSum = at(0, 3) + at(0, 1);
    const crossDifference = at(0, 3) - at(0, 1);
    output[target(0) + 3] = sum + sum;
    output[target(1) + 3] = Math.SQRT2 * (difference - crossSum);
    output[target(2) + 3] = crossDifference + crossDifference;
    output[target(3) + 3] = -Math.SQRT2 * (difference + crossSum);

    // The one frequency between the lowest and the highest: its pair is (1, 2), mirrored on itself.
    const r02 = at(1, 0) + at(1, 3);
    const r01 = at(1, 0) - at(1, 3);
    const i01 = at(2, 0) + at(2, 3);
    const i02 = at(2, 0) - at(2, 3);
    const i13 = at(2, 2) + at(2, 1);
    const i31 = at(2, 2) - at(2, 1);
    const r13 = at(1, 2) + at(1, 1);
    const r31 = at(1, 2) - at(1, 1);
    output[target(0) + 1] = r02 + r13;
    output[target(0) + 2] = i02 + i31;
    rotate(output, target(1) + 2, 2, r01 - i13, i01 + r31);
    rotate(output, target(2) + 2, 4, r02 - r13, i02 - i31);
    rotate(output, target(3) + 2, 6, r01 + i13, i01 - r31);
  }
  return output;
}

/** Radix 4 on 8 groups, run 1: only means are left. */
function radix4Last(input: Float64Array): Float64Array {
  const output = new Float64Array(dctSize);
  for (let group = 0; group < 8; group++) {
    splitMeans(output, [group, group + 8, group + 16, group + 24], {
      mean: input[4 * group] as number,
      quarter: input[4 * group + 1] as number,
      half: input[4 * group + 2] as number,
      last: input[4 * group + 3] as number,
    });
  }
  return output;
}

/** The means of the four spectra of a radix-4 split. */
function splitMeans(
  output: Float64Array,
  targets: readonly [number, number, number, number],
  { mean, quarter, half, last }: { mean: number; quarter: number; half: number; last: number },
): void {
  const sum = mean + last;
  const difference = mean - last;
  output[targets[0]] = sum + 2 * quarter;
  output[targets[1]] = difference - 2 * half;
  output[targets[2]] = sum - 2 * quarter;
  output[targets[3]] = difference + 2 * half;
}

/** Writes the pair (index - 1, index): the number times the root of unity. */
function rotate(
  output: Float64Array,
  index: number,
  root: number,
  real: number,
  imaginary: number,
): void {
  const [cosine, sine] = rootsOfUnity[root] as readonly [number, number];
  output[index] = cosine * imaginary + sine * real;
  output[index - 1] = cosine * real - sine * imaginary;
}
