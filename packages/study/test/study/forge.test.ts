import { averageHash } from '@semblance/perceptual-hash/average-hash';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forgeHashes } from '../../src/adversaries/forge/forge.ts';

const SIDE = 32;

/** Two soft blobs of colour on a shade: something that a hash can see and a forger can move. */
const picture = fc
  .record({
    ground: fc.tuple(channel(), channel(), channel()),
    blobs: fc.array(
      fc.record({
        at: fc.tuple(fc.nat(SIDE - 1), fc.nat(SIDE - 1)),
        radius: fc.integer({ min: 4, max: 14 }),
        colour: fc.tuple(channel(), channel(), channel()),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map(({ ground, blobs }) => {
    const data = new Uint8Array(SIDE * SIDE * 3);
    for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
      const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
      const over = blobs.findLast(({ at, radius }) => Math.hypot(x - at[0], y - at[1]) < radius);
      data.set(over?.colour ?? ground, 3 * pixel);
    }
    return { width: SIDE, height: SIDE, channels: 3 as const, data };
  });

function channel() {
  return fc.integer({ min: 40, max: 215 });
}

describe('a forger', () => {
  test('gives another picture the average hash it is asked for', () => {
    fc.assert(
      fc.property(picture, picture, (honest, other) => {
        const wanted = averageHash(honest);
        const forged = forgeHashes(other, { average: wanted });
        fc.pre(forged !== undefined);
        expect(averageHash(forged)).toEqual(wanted);
        expect(forged.data).not.toEqual(honest.data);
      }),
      { numRuns: 50 },
    );
  });

  test('gives it all four where it gives it any', () => {
    let succeeded = 0;
    fc.assert(
      fc.property(picture, picture, (honest, other) => {
        const wanted = hashImage(honest);
        const forged = forgeHashes(other, wanted);
        if (forged === undefined) return;
        succeeded++;
        expect(hashImage(forged)).toEqual(wanted);
      }),
      { numRuns: 10, seed: 7 },
    );
    expect(succeeded).toBeGreaterThan(0);
  });
});
