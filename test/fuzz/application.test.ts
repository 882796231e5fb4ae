import { createApplication } from '@semblance/chain/app';
import { createMemoryStore } from '@semblance/chain/memory-store';
import { describe, expect, it } from 'vitest';
import { QUERIES } from '../../packages/chain/src/queries.ts';
import { CHAIN_ID, PRODUCER, startChain } from '../../packages/chain/test/support/chain.ts';
import { FUNDED, mlGenesis } from '../../packages/chain/test/support/ml.ts';
import { goodTxs, stateOf } from './good.ts';
import { drawer, mutate, mutateText, pick } from './mutate.ts';
import { FUZZ_MS, RUNS, SEED } from './runs.ts';

const GOOD = goodTxs({ chainId: CHAIN_ID, validator: PRODUCER });
const start = () => startChain({ balances: FUNDED, ml: mlGenesis() });
const BLOCK_TXS = 20;

describe('the application', { timeout: FUZZ_MS }, () => {
  it('takes what the hostile transactions are made of', () => {
    const codes = GOOD.map((tx) => start().app.checkTx(tx).code);
    expect(codes).toEqual(GOOD.map(() => 0));
  });

  it('answers every transaction and keeps its state through checks and queries', () => {
    const { app } = start();
    const before = stateOf(app);
    const draw = drawer(`${SEED} check`);
    for (let n = 0; n < RUNS; n++) {
      const tx = mutate(pick(draw, GOOD), draw);
      expect(app.checkTx(tx).code).toBeTypeOf('number');
      expect(app.processProposal({ txs: [tx] })).toBeTypeOf('boolean');
      const chosen = app.prepareProposal({ txs: [tx], maxTxBytes: 1_000_000n });
      expect(chosen.length).toBeLessThanOrEqual(1);
    }
    expect(stateOf(app)).toBe(before);
  });

  it('answers every query', () => {
    const { app } = start();
    const before = stateOf(app);
    const draw = drawer(`${SEED} query`);
    const paths = [...QUERIES.keys(), '/store/bank/key', '/store/acc/key', '/store/ml/key', ''];
    const data = [...GOOD, Buffer.from('0a03616263', 'hex'), new Uint8Array()];
    const heights = [0n, 1n, -1n, 2n ** 63n - 1n];
    for (let n = 0; n < RUNS; n++) {
      const path = draw(4) === 0 ? mutateText(pick(draw, paths), draw) : pick(draw, paths);
      const options = { height: pick(draw, heights), prove: draw(2) === 0 };
      const { code } = app.query(path, mutate(pick(draw, data), draw), options);
      expect(code).toBeTypeOf('number');
    }
    expect(stateOf(app)).toBe(before);
  });

  it('comes to the same state whether or not it was asked before each block', () => {
    const asked = start();
    const quiet = createApplication({ store: createMemoryStore() });
    quiet.initChain(asked.genesis);
    const draw = drawer(`${SEED} block`);
    for (let n = 0; n < RUNS; n += BLOCK_TXS) {
      const txs = Array.from({ length: BLOCK_TXS }, () => mutate(pick(draw, GOOD), draw));
      if (draw(3) === 0) txs.push(pick(draw, GOOD));
      for (const tx of txs) {
        asked.app.checkTx(tx);
        asked.app.query('/cosmos.tx.v1beta1.Service/Simulate', tx);
      }
      asked.block(txs);
      const block = asked.blocks.at(-1);
      if (block === undefined) throw new Error('no block');
      // Copies, for what was remembered of the bytes must not matter either.
      quiet.finalizeBlock({ ...block, txs: txs.map((tx) => tx.slice()) });
      quiet.commit();
      expect(stateOf(asked.app)).toBe(stateOf(quiet));
    }
  });
});
