import { InvalidInputError } from '@semblance/core/errors';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonParams } from '../src/rpc/params.ts';

const read = (tx: unknown) => jsonParams({ tx }, ['tx']).bytes('tx');

it('reads base64', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      expect(read(Buffer.from(bytes).toString('base64'))).toEqual(bytes);
    }),
  );
});

it('takes what is written in the alphabet, in whole groups and padded at the end, and nothing else', () => {
  const letter = fc.constantFrom(...Array.from('AQz09+/=-_ \n*\u00e9\u{1f988}'));
  const text = fc.oneof(
    fc.string({ unit: letter, minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('A', 'B', '=', '/'), minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(text, (of) => {
      const isBase64 = of.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(of);
      if (isBase64) expect(read(of)).toEqual(new Uint8Array(Buffer.from(of, 'base64')));
      else expect(() => read(of)).toThrow(InvalidInputError);
    }),
    { numRuns: 5_000 },
  );
});
