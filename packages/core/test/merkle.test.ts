import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../src/bytes.ts';
import { merklePath, merkleRoot, verifyMerklePath } from '../src/merkle.ts';

/** Roots of the growing test tree of the certificate-transparency reference implementation. */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => fromHex(hex));
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('merkle', () => {
  test('the empty tree is the hash of nothing (RFC 6962, 2.1)', () => {
    expect(toHex(merkleRoot([]))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  test('known roots', () => {
    for (let n = 1; n <= leaves.length; n++) {
      expect(toHex(merkleRoot(leaves.slice(0, n)))).toBe(roots[n - 1]);
    }
  });

  test('every path verifies, and no other leaf, index, size or root does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.uint8Array({ minLength: 5, maxLength: 8 }),
        (data, pick, other) => {
          const index = pick % data.length;
          const root = merkleRoot(data);
          const path = merklePath(data, index);
          const leaf = data[index] as Uint8Array;
          expect(verifyMerklePath(root, leaf, index, data.length, path)).toBe(true);
          expect(verifyMerklePath(root, other, index, data.length, path)).toBe(false);
          expect(verifyMerklePath(other, leaf, index, data.length, path)).toBe(false);
          expect(verifyMerklePath(root, leaf, data.length, data.length, path)).toBe(false);
          expect(verifyMerklePath(root, leaf, index, data.length, [...path, root])).toBe(false);
        },
      ),
    );
  });

  test('hostile numbers are refused, not thrown', () => {
    const root = merkleRoot(leaves);
    for (const [index, size] of [
      [-1, 8],
      [0.5, 8],
      [Number.NaN, 8],
      [0, 2 ** 53],
      [0, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(verifyMerklePath(root, leaves[0] as Uint8Array, index, size, [])).toBe(false);
    }
  });
});
