import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { ModelFileError } from './errors.ts';
import { type Manifest, type ManifestFile, parseManifest } from './manifest-format.ts';

export type { Manifest, ManifestFile } from './manifest-format.ts';
export { MANIFEST_FORMAT, parseManifest, weightsRoot } from './manifest-format.ts';

const MANIFEST = 'manifest.json';
const MAX_MANIFEST_BYTES = 1 << 20;
const CHUNK = 1 << 26;

/**
 * Reads `dir`/manifest.json and checks every file it pins.
 *
 * @throws ModelFileError naming the file that is missing or is not the pinned one
 * @throws InvalidInputError naming the manifest's field that is malformed
 */
export async function loadManifest(dir: string): Promise<Manifest> {
  const manifest = await readManifest(dir);
  for (const file of manifest.files) await verifyFile(dir, file);
  return manifest;
}

/** Reads and validates `dir`/manifest.json without looking at the files it pins. */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, MANIFEST);
  const bytes = await readBounded(path, MANIFEST, MAX_MANIFEST_BYTES);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new InvalidInputError('manifest', 'not JSON', { cause });
  }
  return parseManifest(json);
}

/** The bytes of one pinned file: what is returned is what was hashed. @throws ModelFileError */
export async function readPinned(dir: string, manifest: Manifest, path: string): Promise<Buffer> {
  const file = manifest.files.find((one) => one.path === path);
  if (file === undefined) throw new ModelFileError(path, 'not in the manifest');
  const bytes = await readExactly(join(dir, path), file);
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += CHUNK) hash.update(bytes.subarray(at, at + CHUNK));
  assertDigest(file, hash.digest());
  return bytes;
}

/** In chunks, since Node reads no file of 2 GiB at once. */
async function readExactly(path: string, file: ManifestFile): Promise<Buffer> {
  try {
    const handle = await open(path);
    try {
      const { size } = await handle.stat();
      if (size !== file.bytes) throw wrongSize(file, size);
      const bytes = Buffer.allocUnsafeSlow(size);
      for (let at = 0; at < size; ) {
        const { bytesRead } = await handle.read(bytes, at, Math.min(CHUNK, size - at), at);
        if (bytesRead === 0) throw wrongSize(file, at);
        at += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    throw new ModelFileError(file.path, 'cannot be read', { cause });
  }
}

async function verifyFile(dir: string, file: ManifestFile): Promise<void> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of createReadStream(join(dir, file.path)) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > file.bytes) break;
      hash.update(chunk);
    }
  } catch (cause) {
    throw new ModelFileError(file.path, 'cannot be read', { cause });
  }
  if (size !== file.bytes) throw wrongSize(file, size);
  assertDigest(file, hash.digest());
}

async function readBounded(path: string, name: string, maxBytes: number): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) throw new ModelFileError(name, `${size} bytes, more than ${maxBytes}`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof ModelFileError) throw cause;
    throw new ModelFileError(name, 'cannot be read', { cause });
  }
}

function wrongSize(file: ManifestFile, size: number): ModelFileError {
  return new ModelFileError(file.path, `${size} bytes or more instead of ${file.bytes}`);
}

function assertDigest(file: ManifestFile, digest: Uint8Array): void {
  const found = toHex(digest);
  if (found !== file.sha256) {
    throw new ModelFileError(file.path, `SHA-256 ${found} instead of ${file.sha256}`);
  }
}
