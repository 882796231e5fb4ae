import sharp from 'sharp';

interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** A smooth picture in colour, opaque. */
export function photo({ width, height }: Canvas) {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 5) % 256);
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** A mask as OpenAI has it: opaque, but for its left half. */
export function seeThroughMask({ width, height }: Canvas) {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 && ((i - 3) / 4) % width < width / 2 ? 0 : 255,
  );
  return sharp(data, { raw: { width, height, channels: 4 } });
}
