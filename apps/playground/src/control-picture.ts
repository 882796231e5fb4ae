import type { Pixels } from './pixel-difference.ts';

/*
 * What control networks are trained to see: white on black, the shape of a thing or its lines.
 */

/** Where the picture is not see-through; of an opaque one, where it is not like its rim. */
export function silhouetteOf({ width, height, data }: Pixels): Pixels {
  const area = width * height;
  const alpha = Float64Array.from({ length: area }, (_, i) => data[4 * i + 3] ?? 0);
  if (alpha.some((a) => a < 128)) return whiteOn(width, height, (i) => (alpha[i] ?? 0) >= 128);
  const ground = rimColour({ width, height, data });
  const distance = Float64Array.from({ length: area }, (_, i) =>
    Math.max(...[0, 1, 2].map((c) => Math.abs((data[4 * i + c] ?? 0) - (ground[c] ?? 0)))),
  );
  const threshold = Math.max(LEAST_CONTRAST, otsu(distance));
  return whiteOn(width, height, (i) => (distance[i] ?? 0) > threshold);
}

/** Noise of a plain ground stays below it. */
const LEAST_CONTRAST = 24;
/** As in the training of the embedded model. */
const EDGE = 0.25 * 255;

/** Outline and inner lines, by the differences of colour and alpha across each pixel. */
export function edgesOf({ width, height, data }: Pixels): Pixels {
  const at = (x: number, y: number, channel: number) => {
    const [column, row] = [clamp(x, width), clamp(y, height)];
    const i = 4 * (row * width + column);
    const opacity = (data[i + 3] ?? 0) / 255;
    // What is seen through has no colour of its own.
    return channel === 3 ? opacity * 255 : (data[i + channel] ?? 0) * opacity;
  };
  return whiteOn(width, height, (i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return [0, 1, 2, 3].some(
      (c) =>
        Math.abs(at(x + 1, y, c) - at(x - 1, y, c)) > EDGE ||
        Math.abs(at(x, y + 1, c) - at(x, y - 1, c)) > EDGE,
    );
  });
}

/** Samples of 128 and more become white, the others black. */
export function blackAndWhite({ width, height, data }: Pixels): Pixels {
  return whiteOn(width, height, (i) => (data[4 * i] ?? 0) >= 128);
}

function whiteOn(width: number, height: number, isWhite: (pixel: number) => boolean): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    data.fill(isWhite(i) ? 255 : 0, 4 * i, 4 * i + 3);
    data[4 * i + 3] = 255;
  }
  return { width, height, data };
}

/** The median of each channel along the rim. */
function rimColour({ width, height, data }: Pixels): readonly number[] {
  const rim = Array.from({ length: width * height }, (_, i) => i).filter((i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  return [0, 1, 2].map((c) => {
    const samples = rim.map((i) => data[4 * i + c] ?? 0).sort((a, b) => a - b);
    return samples[samples.length >> 1] ?? 0;
  });
}

/** The threshold that parts values of 0..255 best into two kinds (Otsu, 1979). */
function otsu(values: Float64Array): number {
  const counts = new Array<number>(256).fill(0);
  for (const value of values) counts[Math.round(value)] = (counts[Math.round(value)] ?? 0) + 1;
  const total = values.reduce((a, b) => a + b, 0);
  let [best, threshold, below, sumBelow] = [-1, 0, 0, 0];
  for (const [value, count] of counts.entries()) {
    below += count;
    sumBelow += value * count;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const gap = sumBelow / below - (total - sumBelow) / above;
    const between = below * above * gap * gap;
    if (between > best) [best, threshold] = [between, value];
  }
  return threshold;
}

function clamp(index: number, size: number): number {
  return Math.max(0, Math.min(size - 1, index));
}
