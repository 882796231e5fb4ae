import sharp from 'sharp';
import type { RgbImage } from './diffusion/pixels.ts';

/**
 * PNG bytes of an image: 8-bit RGB, not interlaced, no metadata. Settings are fixed, but the bytes
 * also depend on the version of zlib; the pixels do not.
 */
export async function encodeImage({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const encoder = sharp(data, { raw: { width, height, channels: 3 } }).png({
    compressionLevel: 9,
    adaptiveFiltering: true,
    palette: false,
    progressive: false,
  });
  return new Uint8Array(await encoder.toBuffer());
}
