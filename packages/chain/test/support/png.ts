import { crc32, deflateSync } from 'node:zlib';
import { concat, fromUtf8 } from '@semblance/core/bytes';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** An RGB PNG whose pixels `at` gives. */
function png(
  width: number,
  height: number,
  at: (x: number, y: number) => readonly [number, number, number],
): Uint8Array {
  const rows = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(at(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  }
  return pngOf(width, height, deflateSync(rows));
}

/** A PNG with any compressed data, right or wrong; of colour type 2, RGB, or another. */
export function pngOf(width: number, height: number, data: Uint8Array, colour = 2): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, colour, 0, 0, 0], 8);
  return concat(
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array()),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(fromUtf8(type), data);
  const frame = new Uint8Array(8);
  const view = new DataView(frame.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  return concat(frame.subarray(0, 4), body, frame.subarray(4));
}

/** A smooth picture; `tone` shifts it by a little, which no hash should notice. */
export function picture(tone = 0, side = 64): Uint8Array {
  return png(side, side, (x, y) => [
    Math.min(255, x * 3 + tone),
    Math.min(255, y * 3 + tone),
    Math.min(255, (x + y) * 2),
  ]);
}

/** A mask: the lower half is white. */
export function maskPicture(side = 64): Uint8Array {
  return png(side, side, (_, y) => (2 * y < side ? [0, 0, 0] : [255, 255, 255]));
}

/** A picture that is not like the other: its negative. */
export function otherPicture(side = 64): Uint8Array {
  return png(side, side, (x, y) => [255 - x * 3, 255 - y * 3, 255 - (x + y) * 2]);
}
