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
const cosines = Float64Array.of(
  1,
  0.9807852804032304,
  0.9238795325112867,
  0.8314696123025452,
  0.7071067811865475,
  0.5555702330196022,
  0.3826834323650898,
  0.19509032201612825,
);
const sines = Float64Array.of(
  0,
  0.19509032201612825,
  0.3826834323650898,
  0.5555702330196022,
  Math.SQRT1_2,
  0.8314696123025452,
  0.9238795325112867,
  0.9807852804032304,
);

/*
 * Room for the stages, each of which reads one and fills the other. A perceptual hash takes 40
 * transforms, and arrays made for each of them would cost more than the arithmetic.
 */
const one = new Float64Array(dctSize);
const other = new Float64Array(dctSize);

/**
 * The unnormalised DCT-II of 32 samples: out[k] = 2 sum over n of x[n] cos(pi k (2n + 1) / 64).
 * The samples are left as they are.
 */
export function dct(samples: Float64Array, spectrum: Float64Array): void {
  foldSamples(samples, one);
  radix2(one, other);
  radix4First(other, one);
  radix4Last(one, other);
  unfold(other, spectrum);
}

/** Half-complex spectrum (r0, r1, i1, r2, i2, ... r16) whose inverse transform is the DCT's core. */
function foldSamples(samples: Float64Array, folded: Float64Array): void {
  folded[0] = (samples[0] as number) * 2;
  for (let k = 1; k < dctSize - 1; k += 2) {
    const odd = samples[k] as number;
    const even = samples[k + 1] as number;
    folded[k] = even + odd;
    folded[k + 1] = even - odd;
  }
  folded[dctSize - 1] = (samples[dctSize - 1] as number) * 2;
}

/** Rotates the inverse transform by quarter samples. */
function unfold(signal: Float64Array, spectrum: Float64Array): void {
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
}

/*
 * Each stage of the inverse real transform takes `groups` runs of half-complex spectra of length
 * radix * run and splits every one into `radix` spectra of length run. In a run, index 0 is the
 * mean, the pair (i - 1, i) the real and imaginary part of one frequency, the last index the
 * highest frequency.
 */

function radix2(input: Float64Array, output: Float64Array): void {
  const run = 16;
  const mean = input[0] as number;
  const last = input[run + run - 1] as number;
  output[0] = mean + last;
  output[run] = mean - last;
  for (let i = 2; i < run; i += 2) {
    const mirror = run + run - i;
    const real = input[i - 1] as number;
    const imaginary = input[i] as number;
    const mirrorReal = input[mirror - 1] as number;
    const mirrorImaginary = input[mirror] as number;
    output[i - 1] = real + mirrorReal;
    output[i] = imaginary - mirrorImaginary;
    rotate(output, run + i, i / 2, real - mirrorReal, imaginary + mirrorImaginary);
  }
  output[run - 1] = 2 * (input[run - 1] as number);
  output[run + run - 1] = -2 * (input[run] as number);
}

/** Radix 4 on 2 groups, run 4. A group's four parts lie one behind the other. */
function radix4First(input: Float64Array, output: Float64Array): void {
  for (let group = 0; group < 2; group++) {
    const from = 16 * group;
    const to = 4 * group;
    const mean = input[from] as number;
    const cross1 = input[from + 4] as number;
    const half = input[from + 8] as number;
    const cross3 = input[from + 12] as number;
    const high0 = input[from + 3] as number;
    const quarter = input[from + 7] as number;
    const high2 = input[from + 11] as number;
    const last = input[from + 15] as number;
    splitMeans(output, to, mean, quarter, half, last);

    const sum = high0 + high2;
    const difference = high0 - high2;
    const crossSum = cross3 + cross1;
    const crossDifference = cross3 - cross1;
    output[to + 3] = sum + sum;
    output[to + 11] = Math.SQRT2 * (difference - crossSum);
    output[to + 19] = crossDifference + crossDifference;
    output[to + 27] = -Math.SQRT2 * (difference + crossSum);

    // The one frequency between the lowest and the highest: its pair is (1, 2), mirrored on itself.
    const real0 = input[from + 1] as number;
    const imaginary0 = input[from + 2] as number;
    const real1 = input[from + 5] as number;
    const imaginary1 = input[from + 6] as number;
    const real2 = input[from + 9] as number;
    const imaginary2 = input[from + 10] as number;
    const real3 = input[from + 13] as number;
    const imaginary3 = input[from + 14] as number;
    const r02 = real0 + real3;
    const r01 = real0 - real3;
    const i01 = imaginary0 + imaginary3;
    const i02 = imaginary0 - imaginary3;
    const i13 = imaginary2 + imaginary1;
    const i31 = imaginary2 - imaginary1;
    const r13 = real2 + real1;
    const r31 = real2 - real1;
    output[to + 1] = r02 + r13;
    output[to + 2] = i02 + i31;
    rotate(output, to + 10, 2, r01 - i13, i01 + r31);
    rotate(output, to + 18, 4, r02 - r13, i02 - i31);
    rotate(output, to + 26, 6, r01 + i13, i01 - r31);
  }
}

/** Radix 4 on 8 groups, run 1: only means are left. */
function radix4Last(input: Float64Array, output: Float64Array): void {
  for (let group = 0; group < 8; group++) {
    const from = 4 * group;
    const mean = input[from] as number;
    const quarter = input[from + 1] as number;
    const half = input[from + 2] as number;
    splitMeans(output, group, mean, quarter, half, input[from + 3] as number);
  }
}

/** The means of the four spectra of a radix-4 split, which come to lie 8 apart from `first` on. */
function splitMeans(
  output: Float64Array,
  first: number,
  mean: number,
  quarter: number,
  half: number,
  last: number,
): void {
  const sum = mean + last;
  const difference = mean - last;
  output[first] = sum + 2 * quarter;
  output[first + 8] = difference - 2 * half;
  output[first + 16] = sum - 2 * quarter;
  output[first + 24] = difference + 2 * half;
}

/** Writes the pair (index - 1, index): the number times the root of unity. */
function rotate(
  output: Float64Array,
  index: number,
  root: number,
  real: number,
  imaginary: number,
): void {
  const cosine = cosines[root] as number;
  const sine = sines[root] as number;
  output[index] = cosine * imaginary + sine * real;
  output[index - 1] = cosine * real - sine * imaginary;
}
