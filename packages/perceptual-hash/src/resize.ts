import type { GreyImage } from './grey.ts';
import { lanczosKernel, weightBits } from './lanczos.ts';

/**
 * Resizes a luma plane with Lanczos-3 exactly as Pillow 13 does: two passes in fixed point, each
 * rounded and clamped to 8 bits, a pass that would not change the size left out.
 */
export function resizeGrey(image: GreyImage, width: number, height: number): GreyImage {
  return shrinksMostlyInHeight(image, width, height)
    ? resizeRows(resizeColumns(image, height), width)
    : resizeColumns(resizeRows(image, width), height);
}

/**
 * Whether Pillow takes the columns first. Up to version 12 the rows always came first; since the
 * passes round, the order can be seen in the result.
 */
function shrinksMostlyInHeight(image: GreyImage, width: number, height: number): boolean {
  const lost = image.height - height;
  return lost > 0 && lost > 2 * (image.width - width);
}

/*
 * Math.imul keeps both loops in 32-bit integers: a plain product of 0 and a negative weight is -0,
 * which sends the whole sum to floating point.
 */

function resizeRows(image: GreyImage, width: number): GreyImage {
  if (image.width === width) return image;
  const { data, height } = image;
  const { stride, starts, counts, weights } = lanczosKernel(image.width, width);
  const resized = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) {
    const count = counts[x] as number;
    const taps = weights.subarray(x * stride, x * stride + count);
    for (let y = 0, at = starts[x] as number; y < height; y++, at += image.width) {
      let sum = half;
      for (let t = 0; t < count; t++) {
        sum = (sum + Math.imul(taps[t] as number, data[at + t] as number)) | 0;
      }
      resized[y * width + x] = toSample(sum);
    }
  }
  return { width, height, channels: 1, data: resized };
}

function resizeColumns(image: GreyImage, height: number): GreyImage {
  if (image.height === height) return image;
  const { data, width } = image;
  const { stride, starts, counts, weights } = lanczosKernel(image.height, height);
  const resized = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const count = counts[y] as number;
    for (let x = 0; x < width; x++) {
      let at = (starts[y] as number) * width + x;
      let sum = half;
      for (let t = 0; t < count; t++, at += width) {
        sum = (sum + Math.imul(weights[y * stride + t] as number, data[at] as number)) | 0;
      }
      resized[y * width + x] = toSample(sum);
    }
  }
  return { width, height, channels: 1, data: resized };
}

/** One half in fixed point, so that the shift rounds to nearest. */
const half = 1 << (weightBits - 1);

function toSample(sum: number): number {
  return Math.min(255, Math.max(0, sum >> weightBits));
}
