import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';

/** A file of a data set as its manifest lists it. */
export interface ListedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly images: number;
}

export async function listFile(dir: string, file: string, images: number): Promise<ListedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(join(dir, file)) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { file, bytes, sha256: hash.digest('hex'), images };
}
