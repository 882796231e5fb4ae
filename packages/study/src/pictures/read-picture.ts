import { open, stat } from 'node:fs/promises';
import { MAX_PICTURE_BYTES, PictureError, tooLarge } from './decode.ts';

/**
 * The bytes of a file that may be a picture.
 *
 * @throws PictureError when it is too large, no file, or cannot be read
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  try {
    // Asked before it is opened: opening a pipe would wait for its other end.
    if ((await stat(path)).isFile()) return await readBounded(path);
  } catch (cause) {
    if (cause instanceof PictureError) throw cause;
    throw new PictureError('unreadable', reasonOf(cause), { cause });
  }
  throw new PictureError('unreadable', 'not a file');
}

async function readBounded(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > MAX_PICTURE_BYTES) throw tooLarge();
    const bytes = new Uint8Array(size);
    let length = 0;
    while (length < size) {
      const { bytesRead } = await file.read(bytes, length, size - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return bytes.subarray(0, length);
  } finally {
    await file.close();
  }
}

function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'no such file' : `cannot be read (${code ?? String(cause)})`;
}
