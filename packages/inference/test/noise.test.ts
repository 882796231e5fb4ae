import { readFileSync } from 'node:fs';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seedNoise } from '../src/noise.ts';
import { inverseNormal } from '../src/normal.ts';
import { type PhiloxCounter, type PhiloxKey, philox } from '../src/philox.ts';

describe('Philox 4x32-10', () => {
  const { vectors } = read<{ vectors: Record<'counter' | 'key' | 'block', string[]>[] }>(
    'kat.json',
  );
  test.each(vectors)('known answer at $counter', ({ counter, key, block }) => {
    const words = (hex: string[]) => hex.map((word) => Number.parseInt(word, 16));
    const result = philox(
      words(counter) as unknown as PhiloxCounter,
      words(key) as unknown as PhiloxKey,
    );
    expect(result).toEqual(words(block));
  });
});

test('the inverse normal is accurate to 2e-15', () => {
  for (const { p, x } of read<{ p: string; x: string }[]>('normal.json')) {
    const expected = Buffer.from(x, 'hex').readDoubleBE();
    const actual = inverseNormal(Buffer.from(p, 'hex').readDoubleBE());
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(2e-15 * Math.abs(expected));
  }
});

describe('seed noise', () => {
  const recorded = read<{ seed: string; stream: number; float32: string[] }[]>('noise.json');
  test.each(recorded)('bits of seed $seed, stream $stream', ({ seed, stream, float32 }) => {
    const noise = seedNoise(BigInt(seed), stream, float32.length);
    expect(Array.from(noise, bitsOf)).toEqual(float32);
  });

  test('bits of a million normals', () => {
    const { seed, sha256: expected } = read<{ seed: string; sha256: string }>('million.json');
    const noise = seedNoise(BigInt(seed), 0, 1_000_000);
    expect(toHex(sha256(new Uint8Array(noise.buffer)))).toBe(expected);
  });

  test('a prefix of longer noise is the shorter noise', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.nat(64), fc.nat(64), (seed, a, b) => {
        const long = seedNoise(seed, 0, a + b);
        expect(seedNoise(seed, 0, a)).toEqual(long.slice(0, a));
      }),
    );
  });

  test('different seeds and streams share nothing', () => {
    const values = [
      [1n, 0],
      [2n, 0],
      [1n << 32n, 0],
      [1n, 1],
    ].map(([seed, stream]) => Array.from(seedNoise(seed as bigint, stream as number, 512)));
    expect(new Set(values.flat()).size).toBe(4 * 512);
  });

  // Bounds are 4.5 standard errors of each statistic, for noise that is fixed anyway.
  test('looks normal: moments, serial correlation, Kolmogorov-Smirnov', () => {
    const n = 400_000;
    const x = seedNoise(99n, 3, n);
    const moment = (k: number) => x.reduce((sum, value) => sum + value ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(4.5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(4.5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4.5 * Math.sqrt(96 / n));
    let lagged = 0;
    for (let i = 1; i < n; i++) lagged += (x[i] as number) * (x[i - 1] as number);
    expect(Math.abs(lagged / n)).toBeLessThan(4.5 / Math.sqrt(n));
    expect(kolmogorovSmirnov(x) * Math.sqrt(n)).toBeLessThan(1.95); // p = 0.001
  });

  test.each([
    ['seed', -1n, 0, 4],
    ['seed', 1n << 64n, 0, 4],
    ['stream', 1n, -1, 4],
    ['stream', 1n, 0.5, 4],
    ['stream', 1n, 2 ** 32, 4],
    ['length', 1n, 0, -1],
    ['length', 1n, 0, 2.5],
    ['length', 1n, 0, Number.NaN],
    ['length', 1n, 0, 2 ** 40],
  ])('refuses a bad %s: %s %s %s', (field, seed, stream, length) => {
    expect(() => seedNoise(seed, stream, length)).toThrow(new RegExp(`^${field}`));
  });
});

/** Largest distance between the sample's distribution and the normal one, at 200 quantiles. */
function kolmogorovSmirnov(sample: Float32Array): number {
  const sorted = sample.slice().sort();
  let largest = 0;
  for (let i = 1; i < 200; i++) {
    const quantile = inverseNormal(i / 200);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < quantile) low = middle + 1;
      else high = middle;
    }
    largest = Math.max(largest, Math.abs(low / sorted.length - i / 200));
  }
  return largest;
}

function bitsOf(x: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(x);
  return bytes.toString('hex');
}

function read<T>(file: string): T {
  return JSON.parse(
    readFileSync(new URL(`../../../vectors/philox/${file}`, import.meta.url), 'utf8'),
  ) as T;
}
