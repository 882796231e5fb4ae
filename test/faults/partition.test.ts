import { setTimeout as delay } from 'node:timers/promises';
import { exportGenesis } from '@semblance/consensus/export-genesis';
import { readGenesis } from '@semblance/consensus/genesis';
import { toHex } from '@semblance/core/bytes';
import { JobPhase, Verdict } from '@semblance/proto/ml';
import { QueryTotalSupplyResponse } from 'cosmjs-types/cosmos/bank/v1beta1/query';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  idOf,
  mlGenesis,
  NODES,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';
import {
  appHashes,
  CHAIN_ID,
  heightOf,
  reach,
  rpc,
  startNetwork,
  type TestValidator,
  until,
  WITHOUT_ENGINE,
} from '../cometbft/network.ts';
import { makeIslands, WITHOUT_ISLANDS } from './islands.ts';
import { jobWhen } from './job-of.ts';
import { type Survivor, survivor } from './survivor.ts';

/* Four validators on hosts of their own, and cables between them that are pulled. */

const WITHOUT = WITHOUT_ENGINE || WITHOUT_ISLANDS;
/** Peers that were cut off are tried again after some seconds, and then more seldom. */
const HEALING_MS = 120_000;
const BLOCK_MS = 100;
/** No job is late because of a cut. */
const DEADLINE_MS = 1_800_000;

describe.skipIf(WITHOUT !== '')(`four validators, cut off from one another${WITHOUT}`, () => {
  test('go on without one, halt without two, and lose nothing', async () => {
    const islands = makeIslands(4);
    onTestFinished(() => islands.remove());
    const network = await startNetwork(4, BLOCK_MS, { places: islands.places });
    onTestFinished(() => network.remove());
    const { validators } = network;
    const [first, second, third, fourth] = validators as Four;
    await Promise.all(validators.map((validator) => reach(validator, 3)));

    islands.cut(3);
    const alone = await heightOf(first);
    await reach(first, alone + 8);
    islands.heal(3);
    await until(
      'the fourth catches up',
      async () => ((await heightOf(fourth)) >= alone + 8 ? true : undefined),
      HEALING_MS,
    );

    islands.cut(2);
    islands.cut(3);
    const stuck = await until('the chain halts', () => unmoved(first), HEALING_MS);
    expect(await unmoved(second)).toBe(stuck);
    const before = await appHashes(first, stuck);

    islands.heal(2);
    islands.heal(3);
    await until(
      'the chain goes on',
      async () => ((await heightOf(first)) >= stuck + 3 ? true : undefined),
      HEALING_MS,
    );
    await Promise.all([second, third, fourth].map((validator) => reach(validator, stuck + 3)));
    const histories = await Promise.all(validators.map((one) => appHashes(one, stuck + 3)));
    for (const history of histories) expect(history).toEqual(histories[0]);
    expect(histories[0]?.slice(0, stuck)).toEqual(before);
  }, 400_000);

  test('settle a job that was under way, and one sent while the chain stood, exactly once', async () => {
    const islands = makeIslands(4);
    onTestFinished(() => islands.remove());
    const ml = mlGenesis({ reveal_window_ms: String(DEADLINE_MS) });
    const network = await startNetwork(4, BLOCK_MS, { places: islands.places, ml });
    onTestFinished(() => network.remove());
    const { validators } = network;
    const [first, second, , fourth] = validators as Four;
    const reached = [first, second].map(({ rpcUrl }) => rpcUrl);
    const client = survivor(reached, CHAIN_ID, HEALING_MS);
    onTestFinished(() => client.close());
    await Promise.all(validators.map((validator) => reach(validator, 3)));
    const supply = await supplyIn(client);

    const [early, late] = [1n, 2n].map((nonce) =>
      request({ nonce, deadlineMs: BigInt(DEADLINE_MS) }),
    ) as [Order, Order];
    await client.deliver(REQUESTER, [submitMessage(early)]);
    const [one, ...others] = await worksOf(client, early);
    await client.deliver(one.who, [one.commit]);

    islands.cut(2);
    islands.cut(3);
    const stuck = await until('the chain halts', () => unmoved(first), HEALING_MS);
    const inPool = Promise.all([
      client.deliver(REQUESTER, [submitMessage(late)]),
      ...others.map(({ who, commit }) => client.deliver(who, [commit])),
    ]);
    inPool.catch(() => undefined); // or it is awaited too late
    await until('they wait in a pool', async () =>
      (await waitingIn(reached)) >= 1 + others.length ? true : undefined,
    );
    expect(await heightOf(first)).toBe(stuck);
    islands.heal(2);
    islands.heal(3);
    await inPool;
    const drawn = await jobWhen(client, early, ({ phase }) => phase === JobPhase.REVEAL);
    expect(drawn).toMatchObject({ phase: JobPhase.REVEAL, verdict: Verdict.UNSPECIFIED });
    await deliverAll(client, await worksOf(client, late), 'commit');
    await deliverAll(client, [one], 'reveal');

    // Settled where the fourth cannot see it.
    islands.cut(3);
    await deliverAll(client, [...others, ...(await worksOf(client, late))], 'reveal');
    for (const order of [early, late]) {
      const job = await jobWhen(client, order, ({ phase }) => phase === JobPhase.SETTLED);
      expect(job).toMatchObject({ phase: JobPhase.SETTLED, verdict: Verdict.AGREED });
    }
    islands.heal(3);
    const last = (await heightOf(first)) + 2;
    const follows = async () => ((await heightOf(fourth)) > last ? true : undefined);
    await until('the fourth catches up', follows, HEALING_MS);
    await Promise.all(validators.map((validator) => reach(validator, last + 1)));

    expect(await supplyIn(client)).toBe(supply);
    const histories = await Promise.all(validators.map((one) => appHashes(one, last)));
    for (const history of histories) expect(history).toEqual(histories[0]);
    for (const validator of validators) {
      const settled = await settledIn(validator, last);
      expect(settled.toSorted()).toEqual([early, late].map((job) => toHex(idOf(job))).toSorted());
    }
    await Promise.all(validators.map((validator) => validator.stop()));
    for (const { paths } of validators) await requireInvariants(paths);
  }, 600_000);
});

type Order = ReturnType<typeof request>;
type OwnWork = ReturnType<typeof workOf> & { readonly who: Wallet };

/** What the committee of a job sends, once it has one. */
async function worksOf(client: Survivor, order: Order): Promise<[OwnWork, ...OwnWork[]]> {
  const { id, members } = await jobWhen(client, order, (job) => job.members.length > 0);
  const works = members.map(({ node }) => {
    const who = NODES.find(({ address }) => address === node) as Wallet;
    return { who, ...workOf(who, id, picture()) };
  });
  return works as [OwnWork, ...OwnWork[]];
}

/** Everybody at once; what one signer has to send goes in its order. */
async function deliverAll(
  client: Survivor,
  works: readonly OwnWork[],
  what: 'commit' | 'reveal',
): Promise<void> {
  await Promise.all(
    works.map(({ who, commit, reveal }) =>
      client.deliver(who, [what === 'commit' ? commit : reveal()]),
    ),
  );
}

async function supplyIn(client: Survivor): Promise<string> {
  const answer = await client.query('/cosmos.bank.v1beta1.Query/TotalSupply', new Uint8Array());
  const { supply } = QueryTotalSupplyResponse.decode(answer as Uint8Array);
  return supply.map(({ amount, denom }) => `${amount}${denom}`).join();
}

/** Transactions that have come to the pools of those who can be reached; they tell each other. */
async function waitingIn(urls: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    urls.map(async (url) => Number((await rpc(url, 'num_unconfirmed_txs')).total)),
  );
  return Math.max(...counts);
}

/** Ids of the jobs that the blocks up to `last` settled, as often as they did. */
async function settledIn({ rpcUrl }: TestValidator, last: number): Promise<string[]> {
  const ids: string[] = [];
  for (let height = 1; height <= last; height++) {
    const results = await rpc(rpcUrl, 'block_results', { height: String(height) });
    for (const { type, attributes } of results.finalize_block_events ?? []) {
      if (type !== 'job_settled') continue;
      ids.push(attributes.find(({ key }: { key: string }) => key === 'job_id').value);
    }
  }
  return ids;
}

/** Of a validator that is stopped: an export is refused if any is broken, that of supply included. */
async function requireInvariants({ application, genesis }: TestValidator['paths']): Promise<void> {
  await exportGenesis({ home: application, genesis: readGenesis(genesis) });
}

type Four = [TestValidator, TestValidator, TestValidator, TestValidator];

/** Two of four are no two thirds: not even the first vote on a block can end. */
const WATCHED_MS = 50 * BLOCK_MS;

/** The height, if it is the same one fifty block times later. */
async function unmoved(validator: TestValidator): Promise<number | undefined> {
  const height = await heightOf(validator);
  await delay(WATCHED_MS);
  return (await heightOf(validator)) === height ? height : undefined;
}
