import { describe, expect, it } from 'vitest';
import { BAYER_8 } from '../src/bayer.ts';
import { type Pixels, pixelDifference } from '../src/pixel-difference.ts';

const pixels = (...data: number[]): Pixels => ({
  width: data.length / 4,
  height: 1,
  data: new Uint8ClampedArray(data),
});

describe('pixelDifference', () => {
  it('amplifies, clamps, and stays opaque', () => {
    const difference = pixelDifference(
      pixels(10, 20, 30, 255, 0, 0, 0, 255),
      pixels(12, 20, 29, 255, 0, 90, 0, 255),
      8,
    );
    expect([...(difference?.picture.data ?? [])]).toEqual([16, 0, 8, 255, 0, 255, 0, 255]);
    expect(difference).toMatchObject({ differing: 2, largest: 90 });
  });

  it('has nothing to say on different sizes', () => {
    expect(pixelDifference(pixels(0, 0, 0, 0), pixels(), 1)).toBeNull();
  });
});

describe('the order in which a picture develops', () => {
  it('visits every cell once', () => {
    expect([...BAYER_8].sort((a, b) => a - b)).toEqual([...Array(64).keys()]);
  });

  it('spreads: the first four cells lie in four quadrants', () => {
    const quadrants = [0, 1, 2, 3].map((rank) => {
      const cell = BAYER_8.indexOf(rank);
      return 2 * Math.floor(cell / 32) + Math.floor((cell % 8) / 4);
    });
    expect(new Set(quadrants).size).toBe(4);
  });
});
