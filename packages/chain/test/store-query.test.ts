import { fromUtf8 } from '@semblance/core/bytes';
import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import { CHECKPOINT_EVERY } from '../src/store/multistore.ts';
import { startChain } from './support/chain.ts';
import { FUNDED } from './support/ml.ts';

const SUPPLY = Uint8Array.of(0x21, ...fromUtf8('usem'));
const INVALID_HEIGHT = 26;

/** The codes of a proved answer at each height. */
const codes = (app: ReturnType<typeof createApplication>, heights: readonly bigint[]) =>
  heights.map((height) => app.query('/store/bank/key', SUPPLY, { height, prove: true }).code);

test('heights back to the checkpoint before the last are kept, and none before', () => {
  const chain = startChain({ balances: FUNDED });
  const last = 2n * CHECKPOINT_EVERY + 7n;
  while (chain.app.info().height < last) chain.block([], 1n);
  expect(codes(chain.app, [CHECKPOINT_EVERY, 2n * CHECKPOINT_EVERY, last])).toEqual([0, 0, 0]);
  expect(codes(chain.app, [1n, CHECKPOINT_EVERY - 1n, last + 1n])).toEqual(
    Array(3).fill(INVALID_HEIGHT),
  );
  const again = createApplication({ store: chain.store });
  expect(again.info()).toEqual(chain.app.info());
  expect(codes(again, [2n * CHECKPOINT_EVERY, last])).toEqual([0, 0]);
  expect(codes(again, [2n * CHECKPOINT_EVERY - 1n])).toEqual([INVALID_HEIGHT]);
});

test('what is no longer kept leaves the store', () => {
  const chain = startChain({ balances: FUNDED });
  const recordsAt = (height: bigint) => {
    while (chain.app.info().height < height) chain.block([], 1n);
    return [...chain.store.range(Uint8Array.of(0xf0), Uint8Array.of(0xf1))].length;
  };
  const records = recordsAt(3n * CHECKPOINT_EVERY);
  expect(recordsAt(6n * CHECKPOINT_EVERY)).toBe(records);
});
