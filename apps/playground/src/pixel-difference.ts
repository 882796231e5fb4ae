/** RGBA pixels, row by row: the shape of the canvas's ImageData. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export interface PixelDifference {
  readonly picture: Pixels;
  /** Pixels where any colour channel differs. */
  readonly differing: number;
  /** Largest difference of a channel, 0..255, before amplification. */
  readonly largest: number;
}

/** |a - b| for each colour channel times `gain`, clamped at 255; null when the shapes differ. */
export function pixelDifference(a: Pixels, b: Pixels, gain: number): PixelDifference | null {
  if (a.width !== b.width || a.height !== b.height) return null;
  const data = new Uint8ClampedArray(a.data.length);
  let differing = 0;
  let largest = 0;
  for (let pixel = 0; pixel < data.length; pixel += 4) {
    let most = 0;
    for (let channel = pixel; channel < pixel + 3; channel++) {
      const difference = Math.abs((a.data[channel] ?? 0) - (b.data[channel] ?? 0));
      data[channel] = difference * gain;
      most = Math.max(most, difference);
    }
    data[pixel + 3] = 255;
    if (most > 0) differing += 1;
    largest = Math.max(largest, most);
  }
  return { picture: { width: a.width, height: a.height, data }, differing, largest };
}
