import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { otherNode, replayOn } from './other-node.ts';
import { recordVariedChain } from './varied-chain.ts';

/* The same blocks give the same application hashes in another process, and on another Node. */

function recording(): { path: string; hashes: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-varied-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'recording.jsonl');
  return { path, hashes: recordVariedChain(path, 8) };
}

test('in another process, on a disk', () => {
  const { path, hashes } = recording();
  const { node, appHashes } = replayOn(process.execPath, path);
  expect(node).toBe(process.version);
  expect(hashes.length).toBeGreaterThan(30);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(appHashes.slice(1)).toEqual(hashes);
});

const other = otherNode();
const WITHOUT = other === undefined ? ' (not run: `npm run recovery -- replay` fetches it)' : '';

test.skipIf(other === undefined)(`on the oldest Node that users may have${WITHOUT}`, () => {
  const { path, hashes } = recording();
  const { node, appHashes } = replayOn(other as string, path);
  expect(node).toBe('v22.18.0');
  expect(appHashes.slice(1)).toEqual(hashes);
});
