import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { sha256 as hash } from '@semblance/core/sha256';

/** Files by their SHA-256, up to a number of bytes; the ones written first go first. */
export interface DiskCache {
  /** Checked against its hash: a file that rotted is as good as none. */
  get(sha256: string): Promise<Uint8Array | undefined>;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
}

interface Entry {
  readonly bytes: number;
  readonly writtenAt: number;
}

export async function openDiskCache(dir: string, maxBytes: number): Promise<DiskCache> {
  const pathOf = (sha256: string): string => join(dir, sha256.slice(0, 2), sha256);
  const entries = await scan(dir);
  let total = [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  const drop = async (sha256: string): Promise<void> => {
    total -= entries.get(sha256)?.bytes ?? 0;
    entries.delete(sha256);
    await rm(pathOf(sha256), { force: true });
  };

  return {
    get: async (sha256) => {
      const bytes = await readFile(pathOf(sha256)).catch(() => undefined);
      if (bytes && toHex(hash(bytes)) === sha256) return bytes;
      if (bytes) await drop(sha256);
      return undefined;
    },
    put: async (sha256, bytes) => {
      if (entries.has(sha256) || bytes.length > maxBytes) return;
      await writeWhole(pathOf(sha256), bytes);
      entries.set(sha256, { bytes: bytes.length, writtenAt: Date.now() });
      total += bytes.length;
      for (const oldest of [...entries.keys()]) {
        if (total <= maxBytes) break;
        await drop(oldest);
      }
    },
  };
}

/** Never a half file under the final name. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** What is there, oldest first; what a crash left half written is removed. */
async function scan(dir: string): Promise<Map<string, Entry>> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found: [string, Entry][] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (!/^[0-9a-f]{64}$/.test(entry.name)) {
      await rm(path, { force: true });
      continue;
    }
    const { size, mtimeMs } = await stat(path);
    found.push([entry.name, { bytes: size, writtenAt: mtimeMs }]);
  }
  return new Map(found.sort(([, a], [, b]) => a.writtenAt - b.writtenAt));
}
