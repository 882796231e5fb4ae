import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { RgbImage } from '../src/diffusion/pixels.ts';
import { toPixels } from '../src/diffusion/pixels.ts';
import { encodeImage } from '../src/encode.ts';

const image: RgbImage = {
  width: 5,
  height: 3,
  channels: 3,
  data: Uint8Array.from({ length: 45 }, (_, i) => (i * 37) % 256),
};

test('the file is an 8-bit RGB PNG, not interlaced, of exactly these pixels', async () => {
  const file = await encodeImage(image);
  const header = new DataView(file.buffer, file.byteOffset);
  expect(Array.from(file.subarray(0, 8))).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  expect([header.getUint32(16), header.getUint32(20)]).toEqual([5, 3]);
  expect(Array.from(file.subarray(24, 29))).toEqual([8, 2, 0, 0, 0]);
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  expect(new Uint8Array(data)).toEqual(image.data);
});

test('a grey picture stays RGB, and the same picture gives the same file', async () => {
  const grey = { ...image, data: new Uint8Array(45).fill(128) };
  const file = await encodeImage(grey);
  expect(file[25]).toBe(2);
  expect(await encodeImage(grey)).toEqual(file);
});

test('planes become pixels: clipped, and rounded half to even', () => {
  // 127.5 lies between two bytes: 0 in [-1, 1] is the tie
  const planes = Float32Array.of(-1, 1, -7, 0, 0.5, -0.5, 9, 1, -1, 0, 0.25, 0.75);
  const { data, ...size } = toPixels(planes, 2, 2);
  expect(size).toEqual({ width: 2, height: 2, channels: 3 });
  expect(Array.from(data)).toEqual([0, 191, 0, 255, 64, 128, 0, 255, 159, 128, 255, 223]);
});
