import { existsSync, readSync } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtOnce, writing } from '../disk.ts';
import { lock } from '../lock.ts';
import { linesOf } from './lines.ts';
import { formatRecord, type PictureRecord, parseRecord } from './record.ts';

/*
 * While a run goes on, its records are appended to <out>.partial as they come. A process that dies
 * leaves at most one line cut short there, which the next one drops. At the end the records of this
 * run are written sorted by path, and take their place by a rename.
 */

export interface ResultsFile {
  /** SHA-256 of a file whose hashes an earlier run has found. */
  known(path: string): string | undefined;
  /** Has the earlier run's record of `path` in the output. */
  keep(path: string): void;
  /** Has a new record in the output. @throws WriteError */
  add(record: PictureRecord): Promise<void>;
  /** Writes the output: what was kept and added, and nothing else. @throws WriteError */
  finish(): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  readonly at: number;
  readonly length: number;
  /** Of records that an earlier run wrote. */
  readonly sha256?: string;
}

/**
 * Opens the results that will be at `out`, with what earlier runs have written there.
 *
 * @throws WriteError
 * @throws InUseError when another process is at it
 */
export async function openResults(out: string): Promise<ResultsFile> {
  const partial = `${out}.partial`;
  const lockFile = `${out}.lock`;
  await writing(out, () => mkdir(dirname(out), { recursive: true }));
  const unlock = lock(out, lockFile);
  const file = await openPartial(out, partial).catch((error) => {
    unlock();
    throw error;
  });
  const places = new Map<string, Place>();
  const wanted: string[] = [];
  let end = await load(file, places);
  await writing(partial, () => file.truncate(end));

  return {
    known: (path) => places.get(path)?.sha256,
    keep: (path) => void wanted.push(path),
    async add(record) {
      const line = Buffer.from(`${formatRecord(record)}\n`);
      await writing(partial, () => file.appendFile(line));
      places.set(record.path, { at: end, length: line.length });
      wanted.push(record.path);
      end += line.length;
    },
    async finish() {
      const sorted = wanted.sort().map((path) => places.get(path) as Place);
      await writeAtOnce(out, copies(file, sorted));
      await rm(partial);
    },
    async close() {
      await file.close();
      if (end === 0) await rm(partial, { force: true });
      await rm(lockFile, { force: true });
      unlock();
    },
  };
}

/** A finished output is what the next run starts from. */
async function openPartial(out: string, partial: string): Promise<FileHandle> {
  return writing(partial, async () => {
    if (!existsSync(partial) && existsSync(out)) await copyFile(out, partial);
    return open(partial, 'a+');
  });
}

/** Finds the whole records of a file; returns where the last line ends. */
async function load(file: FileHandle, places: Map<string, Place>): Promise<number> {
  let end = 0;
  for await (const { text, at, length } of linesOf(file)) {
    end = at + length + 1;
    const record = parseRecord(text);
    if (record) places.set(record.path, { at, length: length + 1, sha256: record.sha256 });
  }
  return end;
}

const COPIED_AT_ONCE = 1000;

/** The lines at these places, many at a time. Read at once: a promise each would take longer. */
function* copies(file: FileHandle, places: readonly Place[]): Generator<Uint8Array> {
  for (let n = 0; n < places.length; n += COPIED_AT_ONCE) {
    const lines = places.slice(n, n + COPIED_AT_ONCE);
    const bytes = Buffer.alloc(lines.reduce((sum, { length }) => sum + length, 0));
    let filled = 0;
    for (const { at, length } of lines) filled += readSync(file.fd, bytes, filled, length, at);
    yield bytes;
  }
}
