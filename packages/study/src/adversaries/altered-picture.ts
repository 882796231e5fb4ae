import type { RgbImage } from '@semblance/inference/text-to-image';
import sharp from 'sharp';
import type { Adversary } from './adversary.ts';
import { open, resized, rgbOf } from './pixels.ts';

/** Honest work whose picture was then changed, to mark it, to spoil it or to save bytes. */
export const ALTERED_PICTURES: readonly Adversary[] = [
  altered('blurred', 'The honest picture, blurred (Gaussian, sigma 1)', (image) =>
    rgbOf(open(image).blur(1)),
  ),
  altered('recompressed', 'The honest picture through a JPEG of quality 50', async (image) =>
    rgbOf(sharp(await open(image).jpeg({ quality: 50 }).toBuffer())),
  ),
  altered('upscaled', 'The honest picture, halved and enlarged again', halvedAndEnlarged),
];

function altered(
  name: string,
  title: string,
  alter: (image: RgbImage) => Promise<RgbImage>,
): Adversary {
  return {
    name,
    title,
    group: 'altered-picture',
    decidedBy: ['likeness', 'spot-check'],
    because: 'The committed last latent does not decode to the delivered pixels.',
    makes: { way: 'alter', alter: ({ honest }) => alter(honest) },
  };
}

async function halvedAndEnlarged(image: RgbImage): Promise<RgbImage> {
  const { width, height } = image;
  const half = await resized(image, Math.ceil(width / 2), Math.ceil(height / 2));
  return resized(half, width, height);
}
