import { concat, fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { EXTENSION_BYTES, makeExtension } from '@semblance/verification/vote-extension';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import type { Application, DecidedBlock, ExtendedVote } from '../src/application.ts';
import { sizeInBlock } from '../src/proposal.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { ENGINE_GENESIS, genesisOf, startChain } from './support/chain.ts';
import { FUNDED, mlGenesis, REQUESTER, request, submitMessage } from './support/ml.ts';

const GENESIS = {
  chainId: 'semblance-test-1',
  timeMs: 1_700_000_000_000n,
  ...ENGINE_GENESIS,
  appState: genesisOf({ balances: FUNDED, ml: mlGenesis() }),
};
const MAX_TX_BYTES = 100_000n;

/** Four validators of equal power, by their secret seeds. */
const SEEDS = [1, 2, 3, 4].map((id) => new Uint8Array(32).fill(id));

function begin(): Application {
  const app = createApplication({ store: createMemoryStore() });
  app.initChain(GENESIS);
  return app;
}

/** The vote for the last block by one of the four, with what it must add or something else. */
function vote(
  app: Application,
  seed: Uint8Array,
  extension = extensionOf(app, seed),
): ExtendedVote {
  const address = sha256(extensionOf(app, seed).subarray(0, 32)).slice(0, 20);
  return { validator: { address, power: 10n }, signed: true, extension };
}

/** What a validator adds to its vote for the last block. */
function extensionOf(app: Application, seed: Uint8Array): Uint8Array {
  const input = app.voteExtensions?.inputAt(app.info().height);
  if (input === undefined) throw new Error('nothing is asked for');
  return makeExtension(seed, input);
}

const votes = (app: Application) => SEEDS.map((seed) => vote(app, seed));
const silent = (vote: ExtendedVote): ExtendedVote => ({
  ...vote,
  signed: false,
  extension: new Uint8Array(),
});

const propose = (app: Application, lastCommit: readonly ExtendedVote[], txs: Uint8Array[] = []) =>
  app.prepareProposal({ txs, maxTxBytes: MAX_TX_BYTES, lastCommit });

function finalize(
  app: Application,
  lastCommit: DecidedBlock['lastCommit'],
  txs: readonly Uint8Array[],
) {
  const height = app.info().height + 1n;
  const timeMs = GENESIS.timeMs + height * 1000n;
  const proposer = new Uint8Array(20);
  const result = app.finalizeBlock({ height, timeMs, proposer, lastCommit, misbehavior: [], txs });
  app.commit();
  return result;
}

/** After its first block. */
function begun(): Application {
  const app = begin();
  expect(propose(app, [])).toEqual([]);
  expect(app.processProposal({ txs: [], lastCommit: [] })).toBe(true);
  finalize(app, [], []);
  return app;
}

test('blocks carry what their votes were extended with, whatever the order of the votes', () => {
  const [one, other] = [begun(), begun()];
  for (let i = 0; i < 3; i++) {
    const lastCommit = votes(one);
    const txs = propose(one, lastCommit);
    expect(txs).toEqual(propose(other, lastCommit.toReversed()));
    expect(other.processProposal({ txs, lastCommit: lastCommit.toReversed() })).toBe(true);
    const { appHash, txResults } = finalize(one, lastCommit, txs);
    expect(toHex(finalize(other, lastCommit, txs).appHash)).toBe(toHex(appHash));
    expect(txResults).toMatchObject([{ code: 0, gasUsed: 0n, events: [] }]);
  }
});

test('more than two thirds of the power must have contributed', () => {
  const app = begun();
  const [a, b, c, d] = votes(app) as [ExtendedVote, ExtendedVote, ExtendedVote, ExtendedVote];
  const isTaken = (lastCommit: ExtendedVote[]) =>
    app.processProposal({ txs: propose(app, lastCommit), lastCommit });
  expect(isTaken([a, b, c, d])).toBe(true);
  expect(isTaken([a, silent(b), c, d])).toBe(true);
  expect(isTaken([a, silent(b), c, silent(d)])).toBe(false);
  expect(app.processProposal({ txs: [], lastCommit: [a, b, c, d] })).toBe(false);
});

test('what a late vote holds does not spoil a proposal', () => {
  const app = begun();
  const [a, b, c, d] = votes(app) as [ExtendedVote, ExtendedVote, ExtendedVote, ExtendedVote];
  const garbage = { ...d, extension: new Uint8Array(5000).fill(7) };
  const lastCommit = [a, garbage, b, c];
  const txs = propose(app, lastCommit);
  expect(txs).toEqual(propose(app, [a, b, c]));
  expect(app.processProposal({ txs, lastCommit })).toBe(true);
});

test('a late vote that holds a copy of another one does not spoil a proposal either', () => {
  const app = begun();
  const [a, b, c, d] = votes(app) as [ExtendedVote, ExtendedVote, ExtendedVote, ExtendedVote];
  const lastCommit = [a, { ...d, extension: a.extension }, b, c];
  const txs = propose(app, lastCommit);
  expect(txs).toEqual(propose(app, [a, b, c]));
  expect(app.processProposal({ txs, lastCommit })).toBe(true);
});

test('a carrier that was tampered with is refused, and stops who would execute it', () => {
  const app = begun();
  const lastCommit = votes(app);
  const [carrier] = propose(app, lastCommit) as [Uint8Array];
  const marker = carrier.subarray(0, carrier.length - 4 * EXTENSION_BYTES);
  const parts = [0, 1, 2, 3].map((i) =>
    carrier.subarray(marker.length + i * EXTENSION_BYTES).subarray(0, EXTENSION_BYTES),
  );
  const [a, b, c, d] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const stranger = extensionOf(app, new Uint8Array(32).fill(9));
  const wrong = {
    'out of order': concat(marker, b, a, c, d),
    twice: concat(marker, a, a, b, c, d),
    'cut short': carrier.subarray(0, carrier.length - 1),
    'and more': concat(carrier, Uint8Array.of(0)),
    empty: marker,
    'of a stranger': propose(app, [...lastCommit, vote(app, new Uint8Array(32).fill(9))])[0],
    'a proof that is not of this height': concat(
      marker,
      a,
      b,
      c,
      d.map((byte, i) => (i > 100 ? byte ^ 1 : byte)),
    ),
  };
  expect(stranger).toHaveLength(EXTENSION_BYTES);
  for (const [why, tx] of Object.entries(wrong)) {
    expect(app.processProposal({ txs: [tx as Uint8Array], lastCommit }), why).toBe(false);
  }
  expect(app.processProposal({ txs: [carrier, carrier], lastCommit })).toBe(false);
  expect(() => finalize(app, lastCommit, [wrong.twice])).toThrow('wrong vote extensions');
  fc.assert(
    fc.property(fc.nat(8 * carrier.length - 1), (bit) => {
      const changed = carrier.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(app.processProposal({ txs: [changed], lastCommit })).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('nobody can send a carrier to the pool, and its bytes count', () => {
  const app = begun();
  const lastCommit = votes(app);
  const [carrier] = propose(app, lastCommit) as [Uint8Array];
  expect(app.checkTx(carrier).code).not.toBe(0);
  const tx = startChain({ balances: FUNDED }).tx(REQUESTER, [submitMessage(request())]);
  const room = (maxTxBytes: bigint) => app.prepareProposal({ txs: [tx], maxTxBytes, lastCommit });
  const both = sizeInBlock(carrier) + sizeInBlock(tx);
  expect(room(both)).toEqual([carrier, tx]);
  expect(room(both - 1n)).toEqual([carrier]);
});

test('only the right extension of the validator, at the heights that are voted on, is taken', () => {
  const app = begun();
  const height = app.info().height;
  const [a, b] = votes(app) as [ExtendedVote, ExtendedVote];
  const isRight = (height: bigint, by: ExtendedVote, extension = by.extension) =>
    app.voteExtensions?.isRight(height, by.validator.address, extension);
  expect(isRight(height, a)).toBe(true);
  expect(isRight(height, a, b.extension)).toBe(false);
  expect(isRight(height, a, new Uint8Array())).toBe(false);
  expect(isRight(height, a, fromUtf8('garbage'))).toBe(false);
  for (const other of [height - 1n, height + 1n, height + 2n])
    expect(isRight(other, a)).toBe(false);
  finalize(app, votes(app), propose(app, votes(app)));
  expect(isRight(height, a)).toBe(false);
});

test('a committee is drawn from a beacon that is made after the block with its job', () => {
  const tx = startChain({ balances: FUNDED, ml: mlGenesis() }).tx(REQUESTER, [
    submitMessage(request()),
  ]);
  const committees = new Set<string>();
  // The proposer of the next block can choose among five sets of votes, and no more.
  for (const left of [-1, 0, 1, 2, 3]) {
    const app = begun();
    const first = votes(app);
    const submitted = finalize(app, first, propose(app, first, [tx]));
    expect(submitted.txResults[1]?.log).toBe('');
    expect(submitted.awaitsNext).toBe(true);
    const lastCommit = votes(app).map((one, i) => (i === left ? silent(one) : one));
    const drawn = finalize(app, lastCommit, propose(app, lastCommit));
    expect(drawn.awaitsNext).toBe(false);
    const assigned = drawn.events.find(({ type }) => type === 'job_assigned');
    committees.add(JSON.stringify(assigned?.attributes));
  }
  expect(committees.size).toBeGreaterThan(1);
  expect(committees).not.toContain(undefined);
});
