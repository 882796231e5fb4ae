import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '@semblance/chain/application';
import { describeSnapshot, type SnapshotChunks } from '@semblance/chain/snapshot';
import { concat } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/*
 * A snapshot on disk: a directory named by its height, with a file for each chunk and one with their
 * hashes. It is written under another name and then renamed, so that what has the name is whole.
 */

const HASHES = 'hashes';
const UNFINISHED = '.unfinished';

const directoryOf = (root: string, height: bigint) => join(root, String(height));
const chunkFile = (directory: string, chunk: number) => join(directory, `chunk-${chunk}`);

/** Writes a snapshot, one chunk in memory at a time. One that is there already stays. */
export function writeSnapshot(root: string, { height, chunks }: SnapshotChunks): void {
  const directory = directoryOf(root, height);
  if (existsSync(directory)) return;
  const unfinished = `${directory}${UNFINISHED}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const hashes: Uint8Array[] = [];
  for (const chunk of chunks) {
    writeDurably(chunkFile(unfinished, hashes.length), chunk);
    hashes.push(sha256(chunk));
  }
  writeDurably(join(unfinished, HASHES), concat(...hashes));
  renameSync(unfinished, directory);
}

/** The newest first. */
export function readSnapshots(root: string): Snapshot[] {
  return heightsIn(root).map((height) =>
    describeSnapshot(height, readBytes(join(directoryOf(root, height), HASHES))),
  );
}

export function readChunk(root: string, height: bigint, chunk: number): Uint8Array {
  return readBytes(chunkFile(directoryOf(root, height), chunk));
}

/** Removes all but the newest, and what was never finished. */
export function removeOldSnapshots(root: string, keep: number): void {
  for (const height of heightsIn(root).slice(keep)) remove(directoryOf(root, height));
  for (const name of namesIn(root)) if (name.endsWith(UNFINISHED)) remove(join(root, name));
}

const remove = (path: string) => rmSync(path, { recursive: true, force: true });

const namesIn = (root: string): string[] => (existsSync(root) ? readdirSync(root) : []);

function heightsIn(root: string): bigint[] {
  const heights = namesIn(root)
    .filter((name) => /^[1-9]\d{0,15}$/.test(name))
    .map(BigInt);
  return heights.sort((a, b) => (a > b ? -1 : 1));
}

function readBytes(path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function writeDurably(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
