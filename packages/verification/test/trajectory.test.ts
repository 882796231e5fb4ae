import { merklePath, merkleRoot, verifyMerklePath } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { describe, expect, test } from 'vitest';
import { fileLeafData, leavesOf, type Trajectory } from '../src/trajectory.ts';

const trajectory: Trajectory = {
  encoded: [],
  latents: [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)],
  pixels: Uint8Array.of(9, 9, 9),
  width: 1,
  height: 1,
  file: Uint8Array.of(80, 78, 71),
  hashes: {
    average: new Uint8Array(8),
    perceptual: new Uint8Array(8),
    difference: new Uint8Array(8),
    color: new Uint8Array(6),
  },
};

describe('leavesOf', () => {
  test('the delivered file proves itself under the root', () => {
    const { leaves, fileLeaf } = leavesOf(trajectory);
    const path = merklePath(leaves, fileLeaf);
    const leaf = fileLeafData(sha256(trajectory.file));
    expect(leaves.length).toBe(5);
    expect(verifyMerklePath(merkleRoot(leaves), leaf, fileLeaf, leaves.length, path)).toBe(true);
  });

  test('no leaf can pass for one of another kind, even over the same bytes', () => {
    const same = Uint8Array.of(7);
    const parts = { encoded: [same], latents: [same], pixels: same, file: same };
    const { leaves, fileLeaf } = leavesOf({ ...trajectory, ...parts });
    expect(new Set(leaves.map((leaf) => Buffer.from(leaf).toString('hex'))).size).toBe(5);
    expect(leaves[fileLeaf]).toEqual(fileLeafData(sha256(same)));
  });

  test('the root changes with every part', () => {
    const root = (t: Trajectory) => Buffer.from(merkleRoot(leavesOf(t).leaves)).toString('hex');
    const other = Uint8Array.of(255);
    const roots = [
      root(trajectory),
      root({ ...trajectory, encoded: [other] }),
      root({ ...trajectory, latents: [other, other] }),
      root({ ...trajectory, pixels: other }),
      root({ ...trajectory, width: 2 }),
      root({ ...trajectory, file: other }),
      root({ ...trajectory, hashes: { ...trajectory.hashes, color: new Uint8Array(6).fill(1) } }),
    ];
    expect(new Set(roots).size).toBe(roots.length);
  });
});
