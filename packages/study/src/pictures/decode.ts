import { SemblanceError } from '@semblance/core/errors';
import type { Image } from '@semblance/perceptual-hash/image';
import sharp, { type SharpOptions } from 'sharp';

/** The largest file that is read, and the most pixels that one may unfold into. */
export const MAX_PICTURE_BYTES = 64 * 1024 * 1024;
const MAX_PICTURE_PIXELS = 100_000_000;

/** Why a picture has no hashes. */
export type PictureFault =
  | 'empty'
  | 'too-large'
  | 'too-many-pixels'
  | 'not-a-picture'
  | 'damaged'
  | 'unreadable';

export class PictureError extends SemblanceError<'PICTURE', { fault: PictureFault }> {
  constructor(fault: PictureFault, message: string, options?: { cause?: unknown }) {
    super('PICTURE', message, { fault }, options);
  }
}

/** Colours as Pillow takes them, which looks at no profile. A truncated file is an error. */
const READ = {
  limitInputPixels: MAX_PICTURE_PIXELS,
  failOn: 'error',
  ignoreIcc: true,
} satisfies SharpOptions;

/**
 * Decodes a JPEG, PNG or WebP file to the pixels that Pillow gives: grey, colour and alpha as
 * stored, CMYK as Pillow turns it into RGB, profile and orientation left alone. Samples of 16 bits
 * keep their upper 8. An animation is its first frame.
 *
 * @throws PictureError
 */
export async function decodePicture(file: Uint8Array): Promise<Image> {
  if (file.length === 0) throw new PictureError('empty', 'an empty file');
  if (file.length > MAX_PICTURE_BYTES) throw tooLarge();
  // Looked at first: sharp reads other formats too, some of which fetch or run more than they show.
  if (!isPicture(file)) throw new PictureError('not-a-picture', 'not a JPEG, PNG or WebP file');
  try {
    // Of the header alone; what is too large is told apart from what is damaged.
    const header = await sharp(file, { ...READ, limitInputPixels: false }).metadata();
    const { width, height, space } = header;
    if (width * height > MAX_PICTURE_PIXELS) throw tooManyPixels(width, height);
    return space === 'cmyk' ? await decodeCmyk(file) : await decode(file);
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PictureError('damaged', message.replace(/\s+/g, ' ').trim(), { cause });
  }
}

export function tooLarge(): PictureError {
  return new PictureError('too-large', `larger than ${MAX_PICTURE_BYTES / 2 ** 20} MiB`);
}

function tooManyPixels(width: number, height: number): PictureError {
  return new PictureError(
    'too-many-pixels',
    `${width} x ${height} pixels, more than ${MAX_PICTURE_PIXELS}`,
  );
}

function isPicture(file: Uint8Array): boolean {
  const start = Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 12)).toString(
    'latin1',
  );
  return (
    start.startsWith('\xff\xd8\xff') ||
    start.startsWith('\x89PNG\r\n\x1a\n') ||
    (start.startsWith('RIFF') && start.endsWith('WEBP'))
  );
}

async function decode(file: Uint8Array): Promise<Image> {
  const { data, info } = await sharp(file, READ)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, channels: channels as Image['channels'], data };
}

/** Inks to light as Pillow has it: each colour's ink takes from what black left, in integers. */
async function decodeCmyk(file: Uint8Array): Promise<Image> {
  const { data: inks, info } = await sharp(file, READ)
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const left = 255 - (inks[4 * pixel + 3] as number);
    for (let colour = 0; colour < 3; colour++) {
      data[3 * pixel + colour] = left - productOf255(inks[4 * pixel + colour] as number, left);
    }
  }
  return { width, height, channels: 3, data };
}

/** a b / 255 rounded, for bytes. */
function productOf255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
