import type { Image } from '@semblance/perceptual-hash/image';
import { decodePicture, PictureError } from '@semblance/study/decode-picture';
import { readPicture } from '@semblance/study/read-picture';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';

/** Decodes a JPEG, PNG or WebP file as Pillow would, keeping grey, colour and alpha as stored. */
export async function readImage(path: string): Promise<Image> {
  try {
    return await decodePicture(await readPicture(path));
  } catch (cause) {
    if (!(cause instanceof PictureError)) throw cause;
    const { message, details } = cause;
    if (details.fault === 'unreadable') {
      throw new CommandError('FILE', `${path}: ${message}`, EXIT.unreachable, { cause });
    }
    const line = `${path}: not a readable image (${message})`;
    throw new CommandError('NOT_AN_IMAGE', line, EXIT.usage, { cause });
  }
}
