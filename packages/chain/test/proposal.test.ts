import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startChain } from './support/chain.ts';
import { FUNDED, NODES, REQUESTER } from './support/ml.ts';
import { sendMessage } from './support/tx.ts';
import type { Wallet } from './support/wallet.ts';

const UNLIMITED = 1n << 40n;
const GARBAGE = Uint8Array.of(0xff, 0xff);

/** A chain whose blocks hold 100,000 gas, and transfers that want some of it. */
function limited() {
  const chain = startChain({ balances: FUNDED, maxBlockGas: 100_000n });
  const send = (gas: bigint, from: Wallet = REQUESTER) =>
    chain.tx(from, [sendMessage(from.address, from.address, 1n)], { gas });
  return { ...chain, send };
}

test('takes what fits in gas, in order, and nothing overtakes', () => {
  const { app, send } = limited();
  const [a, b, c] = [send(60_000n), send(50_000n), send(40_000n)];
  const chosen = app.prepareProposal({ txs: [a, b, c], maxTxBytes: UNLIMITED });
  expect(chosen).toEqual([a]);
});

test('passes over what nobody can read and what never fits', () => {
  const { app, send } = limited();
  const [tooMuch, fits] = [send(100_001n), send(100_000n)];
  const txs = [GARBAGE, tooMuch, fits];
  expect(app.prepareProposal({ txs, maxTxBytes: UNLIMITED })).toEqual([fits]);
  expect(app.processProposal({ txs: [fits] })).toBe(true);
  expect(app.processProposal({ txs: [fits, GARBAGE] })).toBe(false);
  expect(app.processProposal({ txs: [tooMuch] })).toBe(false);
});

test('counts bytes as the block does', () => {
  const { app, send } = limited();
  const tx = send(1000n);
  // Lengths from 128 to 16383 take two bytes, the tag one.
  expect(tx.length).toBeGreaterThan(127);
  const whole = BigInt(tx.length + 3);
  expect(app.prepareProposal({ txs: [tx, tx], maxTxBytes: whole })).toEqual([tx]);
  expect(app.prepareProposal({ txs: [tx, tx], maxTxBytes: 2n * whole })).toEqual([tx, tx]);
  expect(app.prepareProposal({ txs: [tx], maxTxBytes: whole - 1n })).toEqual([]);
});

test('an honest proposal is never turned down', () => {
  const { app, send } = limited();
  const tx = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 120_000n }), fc.constantFrom(...NODES))
      .map(([gas, from]) => send(gas, from)),
  );
  const limit = fc.bigInt({ min: 0n, max: 2000n });
  fc.assert(
    fc.property(fc.array(tx, { maxLength: 8 }), limit, (txs, maxTxBytes) => {
      const chosen = app.prepareProposal({ txs, maxTxBytes });
      expect(app.processProposal({ txs: chosen })).toBe(true);
      const places = chosen.map((one) => txs.indexOf(one));
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

test('a transaction that wants more than a block has does not enter the pool', () => {
  const chain = limited();
  const { app, send } = chain;
  const tx = send(100_001n);
  expect(app.checkTx(tx)).toMatchObject({ code: 11, codespace: 'sdk' });
  expect(app.checkTx(send(100_000n)).code).toBe(0);
  expect(chain.block([tx]).txResults[0]).toMatchObject({ code: 11 });
});
