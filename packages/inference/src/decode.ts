import { InvalidInputError } from '@semblance/core/errors';
import sharp, { type Sharp } from 'sharp';
import type { RgbImage } from './diffusion/pixels.ts';

/** Bytes that a file may hold beside its pixels: headers, profiles, a thumbnail. */
const MAX_EXTRA_BYTES = 1 << 20;
const SIGNATURES = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], // PNG
  [0xff, 0xd8, 0xff], // JPEG
];

/**
 * The pixels of a PNG or JPEG file of exactly `width` x `height`: 8 bits a sample, grey or RGB, and
 * an alpha channel only where it is opaque throughout. The samples are taken as they are stored, so
 * that all who decode a file agree: profiles and orientation are not applied, nothing is resized.
 * Size and kind are read from the header before any pixel is.
 *
 * @param field what errors call the file
 * @throws InvalidInputError naming `field`
 */
export async function decodeImage(
  field: string,
  file: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<RgbImage> {
  if (!(file instanceof Uint8Array)) throw new InvalidInputError(field, 'not the bytes of a file');
  const maxBytes = MAX_EXTRA_BYTES + 4 * width * height;
  if (file.length > maxBytes) {
    throw new InvalidInputError(field, `${file.length} bytes, more than ${maxBytes}`);
  }
  // the library would try any of a dozen formats
  if (!SIGNATURES.some((signature) => signature.every((byte, i) => file[i] === byte))) {
    throw new InvalidInputError(field, 'not a PNG or JPEG file');
  }
  const decoder = sharp(file, { failOn: 'warning', ignoreIcc: true });
  await assertHeader(field, decoder, width, height);
  const { data, info } = await readable(field, () =>
    decoder.raw().toBuffer({ resolveWithObject: true }),
  );
  return { width, height, channels: 3, data: toRgb(field, data, info.channels) };
}

async function assertHeader(
  field: string,
  decoder: Sharp,
  width: number,
  height: number,
): Promise<void> {
  const header = await readable(field, () => decoder.metadata());
  if (header.width !== width || header.height !== height) {
    const found = `${header.width} x ${header.height}`;
    throw new InvalidInputError(field, `${found} pixels instead of ${width} x ${height}`);
  }
  if (header.depth !== 'uchar' || (header.space !== 'srgb' && header.space !== 'b-w')) {
    throw new InvalidInputError(field, 'not 8 bits a sample, grey or RGB');
  }
}

async function readable<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new InvalidInputError(field, 'damaged, or far too large', { cause });
  }
}

/** Drops alpha, the fourth channel; the library has spread grey over three. */
function toRgb(field: string, data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return new Uint8Array(data);
  const rgb = new Uint8Array((3 * data.length) / channels);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    if (data[from + 3] !== 255) {
      throw new InvalidInputError(field, 'transparent in places; put it on a background');
    }
    rgb.set(data.subarray(from, from + 3), to);
  }
  return rgb;
}
