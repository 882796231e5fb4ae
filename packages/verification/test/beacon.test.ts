import { toHex } from '@semblance/core/bytes';
import { describe, expect, it } from 'vitest';
import { combine, vrfInput } from '../src/beacon.ts';
import { makeExtension, readExtension } from '../src/vote-extension.ts';

const beacon = new Uint8Array(32).fill(1);
const input = vrfInput('semblance-1', 12n, beacon);

const contributions = [1, 2, 3, 4].map((id) => {
  const contribution = readExtension(makeExtension(new Uint8Array(32).fill(id), input), input);
  if (!contribution) throw new Error('an honest extension was refused');
  return contribution;
});

describe('the combined beacon', () => {
  it('does not depend on the order of the contributions', () => {
    expect(combine(beacon, contributions.toReversed())).toEqual(combine(beacon, contributions));
  });

  it('is another one for every set of contributions: sixteen for four validators', () => {
    const sets = Array.from({ length: 16 }, (_, mask) =>
      contributions.filter((_, index) => (mask >> index) & 1),
    );
    expect(new Set(sets.map((set) => toHex(combine(beacon, set)))).size).toBe(16);
  });

  it('depends on the previous beacon and on who contributed what', () => {
    const [first, second] = contributions;
    if (!first || !second) throw new Error('two contributions are needed');
    const swapped = [
      { validator: first.validator, output: second.output },
      { validator: second.validator, output: first.output },
    ];
    expect(combine(beacon, swapped)).not.toEqual(combine(beacon, [first, second]));
    expect(combine(new Uint8Array(32), contributions)).not.toEqual(combine(beacon, contributions));
  });
});

describe('the input', () => {
  it('is of one chain, one height and one beacon', () => {
    expect(vrfInput('semblance-2', 12n, beacon)).not.toEqual(input);
    expect(vrfInput('semblance-1', 13n, beacon)).not.toEqual(input);
    expect(vrfInput('semblance-1', 12n, new Uint8Array(32))).not.toEqual(input);
  });
});
