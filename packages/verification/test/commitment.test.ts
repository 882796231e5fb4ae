import { createHash } from 'node:crypto';
import { toHex } from '@semblance/core/bytes';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitment, jobId } from '../src/commitment.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const opening = fc.record({ jobId: bytes(32), node: bytes(20), root: bytes(32), salt: bytes(32) });

describe('commitment', () => {
  test('is the hash that the documentation gives, by another SHA-256', () => {
    fc.assert(
      fc.property(opening, (o) => {
        const expected = createHash('sha256')
          .update('semblance/commitment/v1')
          .update(Buffer.concat([o.jobId, o.node, o.root, o.salt]))
          .digest('hex');
        expect(toHex(commitment(o))).toBe(expected);
      }),
    );
  });

  test('changes with every part', () => {
    fc.assert(
      fc.property(
        opening,
        fc.constantFrom('jobId', 'node', 'root', 'salt'),
        fc.nat(),
        (o, part, at) => {
          const changed = Uint8Array.from(o[part]);
          const index = at % changed.length;
          changed[index] = (changed[index] as number) ^ 1;
          expect(commitment({ ...o, [part]: changed })).not.toEqual(commitment(o));
        },
      ),
    );
  });

  test('refuses parts of another length, which could make two openings share an encoding', () => {
    const good = {
      jobId: new Uint8Array(32),
      node: new Uint8Array(20),
      root: new Uint8Array(32),
      salt: new Uint8Array(32),
    };
    for (const part of ['jobId', 'node', 'root', 'salt'] as const) {
      expect(() => commitment({ ...good, [part]: new Uint8Array(31) })).toThrow(RangeError);
    }
  });

  test('job ids are domain-separated', () => {
    const request = Uint8Array.of(1, 2, 3);
    const expected = createHash('sha256').update('semblance/job/v1').update(request).digest('hex');
    expect(toHex(jobId(request))).toBe(expected);
  });
});
