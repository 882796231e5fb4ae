import { sine } from './sine.ts';

/** Bits after the point of a weight: 32 less 8 for the sample and 2 against overflow. */
export const weightBits = 22;

/**
 * How each output sample of a one-dimensional resampling is summed from input samples.
 * Output i is the sum over t < counts[i] of input[starts[i] + t] * weights[i * stride + t],
 * the weights in fixed point with {@link weightBits} fractional bits.
 */
export interface ResamplingKernel {
  readonly stride: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
}

const lobes = 3;
const cacheSlots = 64;
const longestCached = 4096;
const cache = new Map<string, ResamplingKernel>();

/**
 * The Lanczos-3 kernel from `inputSize` to `outputSize` samples, equal to the one that Pillow
 * computes for an 8-bit image. Recent kernels are kept, at most 6 MB of them in all; kernels for
 * very long inputs are not (they take 24 bytes an input sample).
 */
export function lanczosKernel(inputSize: number, outputSize: number): ResamplingKernel {
  if (inputSize > longestCached) return computeKernel(inputSize, outputSize);
  const key = `${inputSize}:${outputSize}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const kernel = computeKernel(inputSize, outputSize);
  if (cache.size >= cacheSlots) cache.delete(cache.keys().next().value as string);
  cache.set(key, kernel);
  return kernel;
}

/** Every operation and its order follow Pillow, since each one rounds. */
function computeKernel(inputSize: number, outputSize: number): ResamplingKernel {
  const scale = inputSize / outputSize;
  const filterScale = Math.max(1, scale);
  const support = lobes * filterScale;
  const step = 1 / filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const counts = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const taps = new Float64Array(stride);
  for (let i = 0; i < outputSize; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inputSize, Math.trunc(centre + support + 0.5));
    const count = end - start;
    let total = 0;
    for (let t = 0; t < count; t++) {
      const tap = lanczos((t + start - centre + 0.5) * step);
      taps[t] = tap;
      total += tap;
    }
    for (let t = 0; t < count; t++) {
      const tap = taps[t] as number;
      weights[i * stride + t] = toFixedPoint(total === 0 ? tap : tap / total);
    }
    starts[i] = start;
    counts[i] = count;
  }
  return { stride, starts, counts, weights };
}

function lanczos(x: number): number {
  return x >= -lobes && x < lobes ? sinc(x) * sinc(x / lobes) : 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return sine(angle) / angle;
}

function toFixedPoint(weight: number): number {
  const scaled = weight * 2 ** weightBits;
  return Math.trunc(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}
