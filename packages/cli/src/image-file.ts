import type { Image } from '@semblance/perceptual-hash/image';
import sharp from 'sharp';
import { readBounded } from './bounded-file.ts';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';

const MAX_PIXELS = 100_000_000;

/** Decodes a JPEG, PNG or WebP file as Pillow would, keeping grey, colour and alpha as stored. */
export async function readImage(path: string): Promise<Image> {
  const file = await readBounded(path);
  try {
    const { data, info } = await sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const channels = info.channels as Image['channels'];
    return { width: info.width, height: info.height, channels, data };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      'NOT_AN_IMAGE',
      `${path}: not a readable image (${reason})`,
      EXIT.usage,
      {
        cause,
      },
    );
  }
}
