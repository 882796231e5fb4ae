import { concat, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { type Job, JobPhase, Standing, Verdict } from '@semblance/proto/ml';
import { inputsOf } from '@semblance/proto/task';
import type { ChainParams } from '../../chain-params.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance } from '../bank/keeper.ts';
import { dutiesOf, hasDuty } from './duties.ts';
import { decodeJob, requestOf } from './jobs.ts';
import { allNodes } from './nodes.ts';
import { taskOf } from './tasks.ts';

/** Sentences on what is broken in the module's accounts, duties, queues and settled jobs. */
export function mlInvariants(state: Reader, params: ChainParams): string[] {
  const jobs = allJobs(state);
  return [
    ...escrowInvariant(state, params, jobs),
    ...stakesInvariant(state, params),
    ...dutyInvariant(state, params, jobs),
    ...queueInvariant(state, jobs),
    ...inputInvariant(state, jobs),
    ...jobs.filter(isSettled).flatMap(settledInvariant),
  ];
}

const allJobs = (state: Reader): Job[] =>
  Array.from(state.range(...keysUnder(keyOf(PREFIX.mlJob))), ([, value]) => decodeJob(value).job);

const isSettled = ({ phase }: Job) => phase === JobPhase.SETTLED;

function escrowInvariant(state: Reader, { ml }: ChainParams, jobs: readonly Job[]): string[] {
  const held = getBalance(state, MODULE_ACCOUNTS.escrow, ml.bondDenom);
  const owed = jobs
    .filter((job) => !isSettled(job))
    .reduce((sum, job) => sum + BigInt(requestOf(job).fee), 0n);
  return held === owed ? [] : [`ml: escrow holds ${held}, open jobs paid ${owed}`];
}

function stakesInvariant(state: Reader, { ml }: ChainParams): string[] {
  const held = getBalance(state, MODULE_ACCOUNTS.stakes, ml.bondDenom);
  const staked = allNodes(state).reduce((sum, { stake }) => sum + BigInt(stake), 0n);
  return held === staked ? [] : [`ml: the stakes account holds ${held}, nodes staked ${staked}`];
}

/** Counts on nodes, the index of duties and the open jobs tell the same. */
function dutyInvariant(state: Reader, params: ChainParams, jobs: readonly Job[]): string[] {
  const open = new Map<string, string[]>();
  for (const job of jobs.filter((job) => !isSettled(job))) {
    for (const { node } of job.members.filter(hasDuty)) {
      const ids = open.get(node) ?? [];
      ids.push(toHex(job.id));
      open.set(node, ids);
    }
  }
  const broken: string[] = [];
  for (const { address, openDuties } of allNodes(state)) {
    const expected = open.get(address) ?? [];
    const indexed = dutiesOf({ state, params }, address).map(toHex);
    open.delete(address);
    if (openDuties !== expected.length || !isSame(indexed, expected)) {
      broken.push(`ml: ${address} counts ${openDuties} duties, ${expected.length} are open`);
    }
  }
  for (const node of open.keys()) broken.push(`ml: ${node} has duties and is no node`);
  return broken;
}

const isSame = (a: readonly string[], b: readonly string[]) =>
  a.toSorted().join() === b.toSorted().join();

/** Every open job waits in exactly one queue, so that it ends. */
function queueInvariant(state: Reader, jobs: readonly Job[]): string[] {
  const waiting = (prefix: number) =>
    Array.from(state.range(...keysUnder(keyOf(prefix))), ([key]) => toHex(key.subarray(9)));
  const undrawn = Array.from(state.range(...keysUnder(keyOf(PREFIX.mlDrawQueue))), ([, id]) =>
    toHex(id),
  );
  const committing = [...waiting(PREFIX.mlCommitQueue), ...undrawn];
  const revealing = waiting(PREFIX.mlRevealQueue);
  const idsIn = (phase: JobPhase) =>
    jobs.filter((job) => job.phase === phase).map(({ id }) => toHex(id));
  const broken: string[] = [];
  if (!isSame(committing, idsIn(JobPhase.COMMIT))) broken.push('ml: commit queues and jobs differ');
  if (!isSame(revealing, idsIn(JobPhase.REVEAL))) broken.push('ml: reveal queue and jobs differ');
  return broken;
}

/** Open jobs have the inputs that they name, and no other job has any. */
function inputInvariant(state: Reader, jobs: readonly Job[]): string[] {
  const held = Array.from(state.range(...keysUnder(keyOf(PREFIX.mlInput))), ([key, file]) =>
    toHex(concat(key.subarray(1, 33), sha256(file))),
  );
  const named = jobs
    .filter((job) => !isSettled(job))
    .flatMap((job) =>
      inputsOf(taskOf(requestOf(job))).map((input) => toHex(concat(job.id, input.sha256))),
    );
  return isSame(held, named) ? [] : ['ml: the inputs held are not those of the open jobs'];
}

/** A settled job has paid out its fee exactly, and every member knows where it stands. */
function settledInvariant(job: Job): string[] {
  const amount = (text: string) => (text === '' ? 0n : BigInt(text));
  const paid = job.members.reduce(
    (sum, { payout }) => sum + amount(payout),
    amount(job.proposerPayout) + amount(job.refund),
  );
  const broken: string[] = [];
  const name = toHex(job.id);
  if (paid !== BigInt(requestOf(job).fee)) broken.push(`ml: job ${name} paid out ${paid}`);
  if (job.verdict === Verdict.UNSPECIFIED) broken.push(`ml: job ${name} settled without verdict`);
  if (job.members.some(({ standing }) => standing === Standing.UNSPECIFIED)) {
    broken.push(`ml: job ${name} settled with an open standing`);
  }
  return broken;
}
