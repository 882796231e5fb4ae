import { toHex } from '@semblance/core/bytes';
import { type Job, JobPhase, Verdict } from '@semblance/proto/ml';
import { submitMessage } from '../../packages/chain/test/support/ml.ts';
import type { EncodedMessage } from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';
import {
  appHashes,
  CHAIN_ID,
  heightOf,
  reach,
  startNetwork,
  type TestValidator,
  until,
} from '../cometbft/network.ts';
import { jobWhen } from './job-of.ts';
import { BALANCES, type MadeWork, type Makers, openMakers, orderOf } from './makers.ts';
import { type Survivor, survivor } from './survivor.ts';

/* Jobs settle on four validators while one after the other is ended by `kill -9` and comes back. */

export interface KillOptions {
  readonly jobs: number;
  /** Jobs that go through their phases together: a node sends what it has for all of them at once. */
  readonly batch: number;
  /** Batches under way at once: while one waits for a block, another's pictures are made. */
  readonly lanes: number;
  readonly blockMs: number;
  /** No batch is begun once it aborts. */
  readonly signal: AbortSignal;
}

/** What became of the jobs so far. */
export interface KillProgress {
  readonly jobs: number;
  /** Those that have ended, however. */
  readonly settled: number;
  /** Those that ended with a majority, and with the picture that it agreed on. */
  readonly agreed: number;
  /** Files that were revealed, and how many of them differ. */
  readonly reveals: number;
  readonly files: number;
  readonly kills: Readonly<Record<KillName, number>>;
  /** Transactions that were sent again because a validator had died with them. */
  readonly resent: number;
  readonly seconds: number;
  readonly jobsPerSecond: number;
}

export interface KillReport extends KillProgress {
  /** All validators have this height, and equal application hashes at every one. */
  readonly height: number;
  readonly appHashesEqual: boolean;
}

const VALIDATORS = 4;
/** One of four is away nearly always: with the usual 3 s every fourth block took 5 s and more. */
const PROPOSE_MS = 1000;
const KILLS = ['killBoth', 'killApplication', 'killEngine'] as const;
type KillName = (typeof KILLS)[number];

/** Tells after every batch how far it has come. */
export async function settleThroughKills(
  options: KillOptions,
  tell: (progress: KillProgress) => void,
): Promise<KillReport> {
  const { jobs, batch, lanes, blockMs, signal } = options;
  const makers = await openMakers();
  const network = await startNetwork(VALIDATORS, blockMs, {
    ml: makers.genesis,
    balances: BALANCES,
    proposeMs: PROPOSE_MS,
  });
  const { validators } = network;
  const client = survivor(
    validators.map(({ rpcUrl }) => rpcUrl),
    CHAIN_ID,
  );
  try {
    await Promise.all(validators.map((validator) => reach(validator, 2)));
    const started = performance.now();
    const killer = startKiller(validators);
    const ends: Job[] = [];
    const progress = (): KillProgress => {
      const seconds = (performance.now() - started) / 1000;
      return {
        jobs,
        ...countEnds(ends),
        kills: { ...killer.kills },
        resent: client.resent(),
        seconds: Math.round(seconds),
        jobsPerSecond: Number((ends.length / seconds).toFixed(2)),
      };
    };
    let begun = 0;
    const lane = async () => {
      while (begun < jobs && !signal.aborted) {
        const from = begun;
        begun = Math.min(jobs, begun + batch);
        const orders = Array.from({ length: begun - from }, (_, i) => orderOf(from + i));
        ends.push(...(await settleBatch(client, makers, orders)));
        tell(progress());
      }
    };
    let result: KillProgress;
    try {
      await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), killer.failed]);
      result = progress();
      // However few the jobs, each validator has been away once.
      const enough = async () => (sum(killer.kills) >= VALIDATORS ? true : undefined);
      await Promise.race([until('a kill each', enough, 300_000), killer.failed]);
    } finally {
      await killer.stop();
    }
    // The newest block may be stored and not executed yet.
    const height = Math.max(...(await Promise.all(validators.map(heightOf)))) - 1;
    await Promise.all(validators.map((validator) => reach(validator, height + 1)));
    const appHashesEqual = await haveOneHistory(validators, height);
    return { ...result, kills: killer.kills, height, appHashesEqual };
  } finally {
    client.close();
    await network.remove();
    await makers.close();
  }
}

function countEnds(ends: readonly Job[]) {
  const files = ends.flatMap(({ members }) =>
    members.filter(({ fileSha256 }) => fileSha256.length > 0),
  );
  return {
    settled: ends.length,
    agreed: ends.filter(({ verdict }) => verdict === Verdict.AGREED).length,
    reveals: files.length,
    files: new Set(files.map(({ fileSha256 }) => toHex(fileSha256))).size,
  };
}

const sum = (kills: Readonly<Record<KillName, number>>) =>
  Object.values(kills).reduce((total, count) => total + count, 0);

/** Ends one validator after the other, each when the one before has caught up. */
function startKiller(validators: readonly TestValidator[]) {
  const kills: Record<KillName, number> = { killBoth: 0, killApplication: 0, killEngine: 0 };
  let isWanted = true;
  const run = async () => {
    for (let turn = 0; isWanted; turn++) {
      const victim = validators[turn % validators.length] as TestValidator;
      const witness = validators[(turn + 1) % validators.length] as TestValidator;
      const how = KILLS[turn % KILLS.length] as KillName;
      const height = await heightOf(victim);
      await victim[how]();
      kills[how]++;
      // Three of four are more than two thirds: the chain goes on without it.
      await reach(witness, height + 3);
      await victim.start();
      await reach(victim, (await heightOf(witness)) - 1);
    }
  };
  const ended = run();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  ended.catch(reject);
  failed.catch(() => undefined); // or whoever stops it is told
  return {
    kills,
    /** Rejects if a validator does not come back. */
    failed,
    async stop() {
      isWanted = false;
      await ended;
    },
  };
}

/** Submits jobs, does the work of all who are drawn, and returns the jobs as they ended. */
async function settleBatch(
  client: Survivor,
  makers: Makers,
  orders: readonly ReturnType<typeof orderOf>[],
): Promise<Job[]> {
  await deliverAll(
    client,
    orders.map(({ from, order }) => [from, submitMessage(order)]),
  );
  const works: MadeWork[] = [];
  for (const { order } of orders) {
    const job = await jobWhen(client, order, ({ members }) => members.length > 0);
    works.push(...(await makers.make(job)));
  }
  await deliverAll(
    client,
    works.map(({ who, commit }) => [who, commit]),
  );
  await deliverAll(
    client,
    works.map(({ who, reveal }) => [who, reveal]),
  );
  const ends: Job[] = [];
  for (const { order } of orders) {
    ends.push(await jobWhen(client, order, ({ phase }) => phase === JobPhase.SETTLED));
  }
  return ends;
}

/** Everybody sends at once what is theirs. */
async function deliverAll(
  client: Survivor,
  messages: readonly (readonly [Wallet, EncodedMessage])[],
): Promise<void> {
  const own = Map.groupBy(messages, ([who]) => who);
  await Promise.all(
    Array.from(own, ([who, theirs]) =>
      client.deliver(
        who,
        theirs.map(([, message]) => message),
      ),
    ),
  );
}

async function haveOneHistory(
  validators: readonly TestValidator[],
  height: number,
): Promise<boolean> {
  const histories = await Promise.all(validators.map((one) => appHashes(one, height)));
  return histories.every((history) => history.join() === histories[0]?.join());
}
