import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import {
  JobPhase,
  MsgRegisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
} from '@semblance/proto/ml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { startChain, type TestChain } from './support/chain.ts';
import {
  commitMessage,
  encode,
  FUNDED,
  idOf,
  MODEL,
  mlGenesis,
  NODES,
  operatorOf,
  queryJob,
  REQUESTER,
  request,
  someCommitment,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { otherPicture, picture } from './support/png.ts';
import { type EncodedMessage, sendMessage } from './support/tx.ts';
import type { Wallet } from './support/wallet.ts';

/*
 * Random lives of a chain: valid and invalid transactions, time jumps, idle and cheating nodes.
 * After every block all invariants hold, and a replay on a fresh store gives the same hashes.
 */

const FILES = [picture(0), picture(1), otherPicture(), new Uint8Array(40).fill(9)];

/** Every action picks its subjects by numbers, which wrap around what there is. */
type Action =
  | {
      readonly kind: 'submit';
      readonly size: number;
      readonly fee: bigint;
      readonly deadlineMs: bigint;
    }
  | {
      readonly kind: 'commit' | 'recommit';
      readonly node: number;
      readonly job: number;
      readonly file: number;
    }
  | {
      readonly kind: 'reveal' | 'garbage';
      readonly node: number;
      readonly job: number;
      readonly file: number;
    }
  | { readonly kind: 'diligence'; readonly job: number; readonly file: number }
  | { readonly kind: 'send'; readonly node: number; readonly amount: bigint }
  | { readonly kind: 'leave' | 'unjail' | 'return'; readonly node: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const small = fc.nat(11);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      size: fc.constantFrom(1, 2, 3, 5),
      fee: fc.constantFrom(999n, 1000n, 10_001n, 10n ** 13n),
      deadlineMs: fc.constantFrom(5000n, 60_000n),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('diligence' as const), job: small, file: small }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('commit' as const, 'recommit' as const),
      node: small,
      job: small,
      file: small,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('reveal' as const, 'garbage' as const),
      node: small,
      job: small,
      file: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      node: small,
      amount: fc.constantFrom(0n, 1n, 500_000_000n, 10n ** 12n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'unjail' as const, 'return' as const),
      node: small,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      bytes: fc.uint8Array({ maxLength: 60 }),
    }),
  },
);
const block = fc.record({
  actions: fc.array(action, { maxLength: 8 }),
  afterMs: fc.constantFrom(0n, 500n, 5000n, 31_000n, 61_000n),
});

type Intent = readonly [who: Wallet, message: EncodedMessage];

/** What an action means on this chain now: messages with their signers. */
function intents(chain: TestChain, jobs: readonly Uint8Array[], action: Action): Intent[] {
  switch (action.kind) {
    case 'submit': {
      const { size, fee, deadlineMs } = action;
      const job = request({
        committeeSize: size,
        fee: fee.toString(),
        deadlineMs,
        nonce: BigInt(jobs.length % 40),
      });
      return [[REQUESTER, submitMessage(job)]];
    }
    case 'send': {
      const node = pick(NODES, action.node);
      return [[node, sendMessage(node.address, REQUESTER.address, action.amount)]];
    }
    case 'leave':
    case 'unjail': {
      const index = action.node % NODES.length;
      const operator = operatorOf(index);
      const fields = { operator: operator.address, node: pick(NODES, index).address };
      const schema = action.kind === 'leave' ? MsgUnregisterNodeSchema : MsgUnjailNodeSchema;
      return [[operator, encode(schema, fields)]];
    }
    case 'return': {
      const index = action.node % NODES.length;
      const operator = operatorOf(index);
      const node = pick(NODES, index).address;
      const fields = { operator: operator.address, node, stake: '1000000', models: [MODEL] };
      return [[operator, encode(MsgRegisterNodeSchema, fields)]];
    }
    case 'bytes':
      return [];
    case 'commit':
    case 'recommit':
    case 'reveal':
    case 'garbage':
    case 'diligence':
      return jobs.length === 0 ? [] : work(chain, pick(jobs, action.job), action);
  }
}

function work(
  chain: TestChain,
  id: Uint8Array,
  action: Extract<Action, { readonly file: number }>,
): Intent[] {
  const job = queryJob(chain.app, id);
  const file = pick(FILES, action.file);
  const members = NODES.filter(({ address }) => job.members.some(({ node }) => node === address));
  if (action.kind === 'diligence') {
    return members.map((node) => {
      const { commit, reveal } = workOf(node, id, file);
      return [node, job.phase === JobPhase.COMMIT ? commit : reveal()];
    });
  }
  const node = pick(members.length === 0 ? NODES : members, action.node);
  const { commit, reveal } = workOf(node, id, file);
  if (action.kind === 'commit') return [[node, commit]];
  if (action.kind === 'reveal') return [[node, reveal()]];
  if (action.kind === 'garbage') return [[node, reveal({ file: new Uint8Array(9) })]];
  return [[node, commitMessage(node.address, id, someCommitment(`${action.file}`))]];
}

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

test('invariants hold after every block and a replay gives the same hashes', () => {
  const verdicts = new Set<string>();
  fc.assert(
    fc.property(fc.array(block, { minLength: 5, maxLength: 25 }), (blocks) => {
      const chain = startChain({
        balances: FUNDED,
        ml: mlGenesis({ unbonding_ms: '40000', jail_ms: '30000', job_retention_ms: '120000' }),
      });
      const hashes: string[] = [];
      const jobs: Uint8Array[] = [];
      for (const { actions, afterMs } of blocks) {
        const { txs, submitted } = transactions(chain, jobs, actions);
        const result = chain.block(txs, afterMs);
        hashes.push(toHex(result.appHash));
        expect(brokenInvariants(chain.store)).toEqual([]);
        for (const { code, codespace, log } of result.txResults) {
          expect(`${codespace} ${code} ${log}`).not.toContain('sdk 111222');
        }
        jobs.push(...submitted);
        removePruned(chain, jobs);
        for (const { type, attributes } of result.events) {
          if (type === 'job_settled') verdicts.add(attributes[1]?.value ?? '');
        }
      }
      expect(replay(chain)).toEqual(hashes);
    }),
    { numRuns: 40, seed: 7 },
  );
  expect([...verdicts].sort()).toEqual(['agreed', 'late', 'no_majority', 'no_nodes', 'withheld']);
});

/** Signs the actions of a block, counting each signer's sequence on. */
function transactions(
  chain: TestChain,
  jobs: readonly Uint8Array[],
  actions: readonly Action[],
): { txs: Uint8Array[]; submitted: Uint8Array[] } {
  const ahead = new Map<string, bigint>();
  const txs: Uint8Array[] = [];
  for (const action of actions) {
    if (action.kind === 'bytes') txs.push(action.bytes);
    for (const [who, message] of intents(chain, jobs, action)) {
      const before = ahead.get(who.address) ?? 0n;
      const tx = chain.tx(who, [message], { gas: 200_000n }, before);
      // A message that is refused before the fee leaves the sequence, and what follows fails too.
      ahead.set(who.address, before + 1n);
      txs.push(tx);
    }
  }
  const submitted = actions.flatMap((action) =>
    action.kind === 'submit'
      ? [
          idOf(
            request({
              committeeSize: action.size,
              fee: action.fee.toString(),
              deadlineMs: action.deadlineMs,
              nonce: BigInt(jobs.length % 40),
            }),
          ),
        ]
      : [],
  );
  return { txs, submitted };
}

/** Forgets jobs that the chain has not, or no longer, so that actions find real ones. */
function removePruned(chain: TestChain, jobs: Uint8Array[]): void {
  const known = jobs.filter((id) => {
    try {
      return queryJob(chain.app, id);
    } catch {
      return false;
    }
  });
  jobs.splice(0, jobs.length, ...known);
}

function replay(chain: TestChain): string[] {
  const app = createApplication({ store: createMemoryStore() });
  app.initChain(chain.genesis);
  return chain.blocks.map((block) => {
    const { appHash } = app.finalizeBlock(block);
    app.commit();
    return toHex(appHash);
  });
}

test('executing a block again before its commit changes nothing', () => {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const txs = [chain.tx(REQUESTER, [submitMessage(request())])];
  const decided = {
    height: 1n,
    timeMs: chain.now() + 1n,
    hash: sha256(),
    proposer: new Uint8Array(20),
    lastCommit: [],
    misbehavior: [],
    txs,
  };
  const first = chain.app.finalizeBlock(decided);
  chain.app.checkTx(txs[0] as Uint8Array);
  expect(chain.app.info().height).toBe(0n);
  const second = chain.app.finalizeBlock(decided);
  expect(second).toEqual(first);
  chain.app.commit();
  expect(chain.app.info()).toEqual({ height: 1n, appHash: first.appHash });
});
