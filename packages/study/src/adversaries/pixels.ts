import type { RgbImage } from '@semblance/inference/text-to-image';
import sharp, { type Sharp } from 'sharp';

/** Opened for sharp. */
export function open({ width, height, data }: RgbImage): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The 8-bit RGB picture that sharp's pipeline ends with. */
export async function rgbOf(pipeline: Sharp): Promise<RgbImage> {
  const { data, info } = await pipeline
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data: new Uint8Array(data) };
}

/** Resampled with Lanczos-3. */
export function resized(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  return rgbOf(open(image).resize(width, height, { fit: 'fill', kernel: 'lanczos3' }));
}
