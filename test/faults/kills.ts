import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type Job,
  JobPhase,
  type JobRequest,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  Verdict,
} from '@semblance/proto/ml';
import {
  idOf,
  NODES,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
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
import { type Survivor, survivor } from './survivor.ts';

/* Jobs settle on four validators while one after the other is ended by `kill -9` and comes back. */

export interface KillOptions {
  readonly jobs: number;
  /**
   * Jobs under way at once. With many more, a phase takes several transactions a node, and a dead
   * validator can hold them up for longer than the window for reveals.
   */
  readonly batch: number;
  readonly blockMs: number;
}

export interface KillReport {
  readonly jobs: number;
  /** Those that ended with a majority, and with the picture that it agreed on. */
  readonly agreed: number;
  readonly kills: Readonly<Record<KillName, number>>;
  /** Transactions that were sent again because a validator had died with them. */
  readonly resent: number;
  /** All validators have this height, and equal application hashes at every one. */
  readonly height: number;
  readonly appHashesEqual: boolean;
  readonly seconds: number;
}

const VALIDATORS = 4;
const KILLS = ['killBoth', 'killApplication', 'killEngine'] as const;
type KillName = (typeof KILLS)[number];

export async function settleThroughKills(
  { jobs, batch, blockMs }: KillOptions,
  tell: (line: string) => void,
): Promise<KillReport> {
  const started = performance.now();
  const network = await startNetwork(VALIDATORS, blockMs);
  try {
    const { validators } = network;
    await Promise.all(validators.map((validator) => reach(validator, 2)));
    const client = survivor(
      validators.map(({ rpcUrl }) => rpcUrl),
      CHAIN_ID,
    );
    const killer = startKiller(validators);
    let agreed = 0;
    const settle = async () => {
      for (let done = 0; done < jobs; done += batch) {
        const seeds = Array.from({ length: Math.min(batch, jobs - done) }, (_, i) => done + i);
        agreed += await settleBatch(client, seeds);
        tell(`${done + seeds.length} of ${jobs} jobs, ${sum(killer.kills)} kills`);
      }
      // However few the jobs, each validator has been away once.
      await until(
        'a kill each',
        async () => (sum(killer.kills) >= VALIDATORS ? true : undefined),
        300_000,
      );
    };
    try {
      await Promise.race([settle(), killer.failed]);
    } finally {
      await killer.stop();
    }
    // The newest block may be stored and not executed yet.
    const height = Math.max(...(await Promise.all(validators.map(heightOf)))) - 1;
    await Promise.all(validators.map((validator) => reach(validator, height + 1)));
    return {
      jobs,
      agreed,
      kills: killer.kills,
      resent: client.resent(),
      height,
      appHashesEqual: await haveOneHistory(validators, height),
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await network.remove();
  }
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

/** Submits jobs, does the work of all who are drawn, and counts the jobs that end as they should. */
async function settleBatch(client: Survivor, seeds: readonly number[]): Promise<number> {
  const requests = seeds.map((seed) => request({}, { seed: BigInt(seed) }));
  await client.deliver(
    REQUESTER,
    requests.map((one) => submitMessage(one)),
  );
  const drawn = await Promise.all(
    requests.map((one) =>
      until('a committee', async () => {
        const job = await jobOf(client, one);
        return job.members.length > 0 ? job : undefined;
      }),
    ),
  );
  const works = drawn.flatMap(({ id, members }) =>
    members.map(({ node }, i) => {
      const who = NODES.find(({ address }) => address === node) as Wallet;
      return { who, work: workOf(who, id, picture(i)) };
    }),
  );
  const deliverAll = (messageOf: (work: (typeof works)[number]['work']) => EncodedMessage) =>
    Promise.all(
      NODES.map(async (node) => {
        const own = works.filter(({ who }) => who === node).map(({ work }) => messageOf(work));
        if (own.length > 0) await client.deliver(node, own);
      }),
    );
  await deliverAll((work) => work.commit);
  await deliverAll((work) => work.reveal());
  const ends = await Promise.all(
    requests.map((one) =>
      until('the end of a job', async () => {
        const job = await jobOf(client, one);
        return job.phase === JobPhase.SETTLED ? job : undefined;
      }),
    ),
  );
  return ends.filter(({ verdict }) => verdict === Verdict.AGREED).length;
}

async function jobOf(client: Survivor, wanted: JobRequest): Promise<Job> {
  const query = toBinary(
    QueryJobRequestSchema,
    create(QueryJobRequestSchema, { id: idOf(wanted) }),
  );
  const answer = await client.query('/semblance.ml.v1.Query/Job', query);
  const { job } = fromBinary(QueryJobResponseSchema, answer);
  if (job === undefined) throw new Error('no such job');
  return job;
}

async function haveOneHistory(
  validators: readonly TestValidator[],
  height: number,
): Promise<boolean> {
  const histories = await Promise.all(validators.map((one) => appHashes(one, height)));
  return histories.every((history) => history.join() === histories[0]?.join());
}
