import type { Size } from '@semblance/proto/task';
import sharp, { type Sharp } from 'sharp';
import { invalidField } from '../errors.ts';

/** A picture from outside, of which only the header has been read. */
export interface Upload {
  readonly field: string;
  readonly file: Uint8Array;
  /** As it is seen, its orientation applied. */
  readonly size: Size;
  readonly hasAlpha: boolean;
}

/** A large camera's; decoding takes some four bytes a pixel. */
const MAX_PIXELS = 50_000_000;

/** Formats by how a file begins, `?` for any byte: the library knows others, some of them programs. */
const SIGNATURES = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'RIFF????WEBP'];

function begins(file: Uint8Array, signature: string): boolean {
  return Array.from(signature).every((char, i) => char === '?' || char.charCodeAt(0) === file[i]);
}

/** Reads the header of a PNG, JPEG or WebP file. Throws ApiError naming the field. */
export async function openUpload(field: string, file: Uint8Array): Promise<Upload> {
  if (!SIGNATURES.some((signature) => begins(file, signature))) {
    throw invalidField(field, 'not a PNG, JPEG or WebP file', 'invalid_image');
  }
  const { autoOrient, hasAlpha } = await readable(field, () => decoder(file).metadata());
  return { field, file, size: autoOrient, hasAlpha };
}

/** RGBA samples of the upload, oriented, made to cover `width` x `height` and cut to it. */
export async function rgbaOf(
  { field, file }: Upload,
  { width, height }: Size,
): Promise<Uint8Array> {
  return readable(field, () =>
    decoder(file)
      .autoOrient()
      .resize({ width, height, fit: 'cover' })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer(),
  );
}

function decoder(file: Uint8Array): Sharp {
  return sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error', pages: 1 });
}

async function readable<T>(field: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const reason = `damaged, or of more than ${MAX_PIXELS} pixels`;
    throw invalidField(field, reason, 'invalid_image', { cause });
  }
}
