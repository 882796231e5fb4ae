import { describe, expect, it } from 'vitest';
import { bitDistance, bitsOf, differingBits } from '../src/hash-bits.ts';

describe('bitsOf', () => {
  it('reads the most significant bit first', () => {
    expect(bitsOf('8001')).toEqual([true, ...Array(14).fill(false), true]);
  });

  it('gives 64 bits for 8 bytes', () => {
    expect(bitsOf('ff818181818181ff')).toHaveLength(64);
  });
});

describe('bitDistance', () => {
  it('is zero between equals', () => {
    expect(bitDistance('ff818181818181ff', 'ff818181818181ff')).toBe(0);
  });

  it('counts bits, not characters', () => {
    expect(bitDistance('f000000000000000', '0000000000000000')).toBe(4);
    expect(bitDistance('ffffffffffffffff', '0000000000000000')).toBe(64);
  });

  it('is the number of marked cells', () => {
    const marked = differingBits('0000000000000005', '0000000000000000');
    expect(marked.flatMap((differs, cell) => (differs ? [cell] : []))).toEqual([61, 63]);
  });
});
