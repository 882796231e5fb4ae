import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sketch, sketchDistance } from '../../src/samples/sketch.ts';

const latent = fc
  .array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 256, maxLength: 256 })
  .filter((numbers) => numbers.some((x) => Math.abs(x) > 0.1))
  .map((numbers) => Float32Array.from(numbers));

test('equal latents have equal sketches, at no distance', () => {
  fc.assert(
    fc.property(latent, (x) => {
      expect(sketch(x)).toBe(sketch(Float32Array.from(x)));
      expect(sketchDistance(sketch(x), sketch(x))).toBe(0);
    }),
  );
});

test('the distance of sketches is that of the latents, on average over pairs', () => {
  const random = generator(1);
  const noise = () => Float32Array.from({ length: 1024 }, random);
  const ratios = Array.from({ length: 200 }, () => {
    const [x, change] = [noise(), noise()];
    const y = x.map((value, i) => value + 0.01 * (change[i] as number));
    return (sketchDistance(sketch(x), sketch(y)) / (length(difference(x, y)) / length(x))) ** 2;
  });
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  expect(mean).toBeGreaterThan(0.85);
  expect(mean).toBeLessThan(1.15);
});

test('what is no sketch is refused', () => {
  const good = sketch(new Float32Array(16).fill(1));
  expect(() => sketchDistance(good, 'AAAA')).toThrow(/^sketch: not 36 bytes in base64/);
});

const length = (v: Float32Array) => Math.hypot(...v);
const difference = (x: Float32Array, y: Float32Array) => x.map((v, i) => v - (y[i] as number));

/** Numbers from -1 to 1 that look independent, the same each time (a xorshift). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
