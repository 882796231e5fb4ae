import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGasBook } from '../src/gas-book.ts';

test('one simulation serves every later transaction of its kind, none is short of gas', async () => {
  const size = fc.integer({ min: 1, max: 1_000_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt({ min: 0n, max: 1n << 40n }),
      fc.bigInt({ min: 0n, max: 1000n }),
      fc.array(size, { minLength: 1, maxLength: 10 }),
      async (fixed, byTheByte, sizes) => {
        const used = (bytes: number) => fixed + byTheByte * BigInt(bytes);
        const book = createGasBook();
        let simulations = 0;
        for (const bytes of sizes) {
          const gas = await book.estimate('reveal', bytes, async () => {
            simulations++;
            return used(bytes);
          });
          expect(gas).toBeGreaterThanOrEqual(used(bytes));
        }
        expect(simulations).toBe(1);
      },
    ),
  );
});

test('kinds do not share estimates, and a forgotten one is simulated again', async () => {
  const book = createGasBook();
  expect(await book.estimate('commit', 100, async () => 7n)).toBe(7n);
  expect(await book.estimate('reveal', 100, async () => 9n)).toBe(9n);
  book.forget('commit');
  expect(await book.estimate('commit', 100, async () => 8n)).toBe(8n);
  expect(await book.estimate('reveal', 100, async () => 1n)).toBe(9n);
});

test('a failed simulation is not remembered', async () => {
  const book = createGasBook();
  const failing = book.estimate('commit', 100, () => Promise.reject(new RangeError('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await book.estimate('commit', 100, async () => 8n)).toBe(8n);
});
