import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** A picture that no other number gives: a few coarse cells of colour. */
export async function pngOf(n: number): Promise<Buffer> {
  const cells = Buffer.from(
    Array.from({ length: 48 }, (_, i) => (n * 97 + i * i * 31 + (n % 7) * i) & 255),
  );
  return sharp(cells, { raw: { width: 4, height: 4, channels: 3 } })
    .resize(40, 32, { kernel: 'cubic' })
    .png()
    .toBuffer();
}

/** `count` pictures in folders of ten, by path. */
export async function manyPictures(count: number): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (let n = 0; n < count; n++) files.set(`class-${Math.floor(n / 10)}/${n}.png`, await pngOf(n));
  return files;
}

export async function writeAll(
  folder: string,
  files: Iterable<[string, Uint8Array]>,
): Promise<void> {
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}
