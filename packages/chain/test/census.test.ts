import { fromBinary } from '@bufbuild/protobuf';
import {
  JobPhase,
  MsgUnregisterNodeSchema,
  NodeStatus,
  QueryJobsResponseSchema,
  QueryNodesResponseSchema,
} from '@semblance/proto/ml';
import { expect, test } from 'vitest';
import { createApplication } from '../src/app.ts';
import { CountedStore } from '../src/census.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { startChain, type TestChain } from './support/chain.ts';
import {
  encode,
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  operatorOf,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { picture } from './support/png.ts';
import type { Wallet } from './support/wallet.ts';

/** The same, of all that the chain answers with; it has forgotten some of the jobs. */
function asked({ app }: TestChain, forgotten: number) {
  const ask = (name: string) => app.query(`/semblance.ml.v1.Query/${name}`, new Uint8Array()).value;
  const { jobs } = fromBinary(QueryJobsResponseSchema, ask('Jobs'));
  const { nodes } = fromBinary(QueryNodesResponseSchema, ask('Nodes'));
  const inPhase = (phase: JobPhase) => jobs.filter((job) => job.phase === phase).length;
  const having = (status: NodeStatus) => nodes.filter((node) => node.status === status).length;
  return {
    jobs: {
      commit: inPhase(JobPhase.COMMIT),
      reveal: inPhase(JobPhase.REVEAL),
      settled: inPhase(JobPhase.SETTLED) + forgotten,
    },
    nodes: {
      active: having(NodeStatus.ACTIVE),
      jailed: having(NodeStatus.JAILED),
      leaving: having(NodeStatus.LEAVING),
    },
  };
}

test('is right after every block and every restart, from genesis to what is forgotten', () => {
  const store = new CountedStore(createMemoryStore());
  const ml = mlGenesis({ job_retention_ms: '500000', unbonding_ms: '100000' });
  const chain = startChain({ store, balances: FUNDED, ml });
  const seen = new Set<string>();
  const check = (forgotten = 0) => {
    expect(store.census).toEqual(asked(chain, forgotten));
    expect(new CountedStore(store).census).toEqual(store.census);
    for (const [name, jobs] of Object.entries(store.census.jobs)) if (jobs > 0) seen.add(name);
    for (const [name, nodes] of Object.entries(store.census.nodes)) if (nodes > 0) seen.add(name);
  };
  const deliver = (from: Wallet, message: Parameters<TestChain['deliver']>[1][number]) => {
    expect(chain.deliver(from, [message])).toMatchObject({ code: 0, log: '' });
    check();
  };
  check();
  expect(store.census.nodes).toEqual({ active: NODES.length, jailed: 0, leaving: 0 });

  const [settled, revealing, committing, another] = [1n, 2n, 3n, 4n].map((nonce) => {
    const job = request({ nonce });
    deliver(REQUESTER, submitMessage(job));
    return idOf(job);
  }) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const workFor = (id: Uint8Array) =>
    queryJob(chain.app, id).members.map(({ node }) => {
      const member = NODES.find(({ address }) => address === node) as Wallet;
      return { member, work: workOf(member, id, picture(0)) };
    });
  for (const id of [settled, revealing]) {
    for (const { member, work } of workFor(id)) deliver(member, work.commit);
  }
  for (const { member, work } of workFor(settled)) deliver(member, work.reveal());
  expect(store.census.jobs).toEqual({ commit: 2, reveal: 1, settled: 1 });
  expect(queryJob(chain.app, committing).phase).toBe(JobPhase.COMMIT);
  expect(queryJob(chain.app, another).phase).toBe(JobPhase.COMMIT);

  chain.block([], 61_000n);
  check();
  chain.block([], 61_000n);
  check();
  expect(store.census.jobs).toEqual({ commit: 0, reveal: 0, settled: 4 });
  const node = (NODES[0] as Wallet).address;
  const operator = operatorOf(0);
  deliver(operator, encode(MsgUnregisterNodeSchema, { operator: operator.address, node }));
  chain.block([], 200_000n);
  check();
  chain.block([], 500_000n);
  check(4);
  expect(store.census.nodes.leaving).toBe(0);
  expect([...seen].sort()).toEqual(['active', 'commit', 'jailed', 'leaving', 'reveal', 'settled']);
});

test('what is not written is not counted', () => {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const memory = createMemoryStore();
  const store = new CountedStore({
    ...memory,
    write(changes) {
      expect(Array.from(changes).length).toBeGreaterThan(0);
      throw new RangeError('the disk is full');
    },
  });
  const before = store.census;
  expect(() => createApplication({ store }).initChain(chain.genesis)).toThrow(/store failed/);
  expect(store.census).toEqual(before);
});
