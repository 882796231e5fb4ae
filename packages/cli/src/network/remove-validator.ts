import { existsSync } from 'node:fs';
import type { Key } from '@semblance/client/keys';
import {
  delegated,
  operatorAddress,
  undelegate,
  undelegatedUntil,
} from '@semblance/client/staking';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import {
  type ChangeOptions,
  changeHost,
  consensusAddressOf,
  namesOf,
  putAside,
  type RunningHost,
  unknownPart,
} from './change-host.ts';
import { without } from './changed-plan.ts';
import { powersAt, signersIn, statusOf } from './comet.ts';
import { keyAt, PREFIX } from './found.ts';
import { planOf } from './host.ts';
import { type Layout, layout } from './layout.ts';
import { type HostPlan, replacePlan } from './plan.ts';
import { setWithout, type Voter } from './quorum.ts';
import { untilLate } from './until.ts';

/* A validator leaves a network that goes on: it gives up its vote first, and is stopped afterwards. */

export interface RemoveOptions extends ChangeOptions {
  readonly name: string;
}

export interface RemovedValidator {
  readonly name: string;
  /** Folder with its keys and all that it knew. */
  readonly kept: string;
  /** When its stake comes back to its account, ISO 8601; null if it took none back now. */
  readonly stake_back: string | null;
}

const LEAVE_MS = 120_000;
/** Over as many blocks a validator is looked for before it counts as silent. */
const RECENT_BLOCKS = 5;

/**
 * Takes the validator's own stake back and waits until it has no vote any more, then takes it out of
 * the plan and waits until `network start` has stopped it. If that is cut short, it can be run again.
 */
export async function removeValidator(options: RemoveOptions): Promise<RemovedValidator> {
  const { home, name, signal, tell } = options;
  requireOneOfSeveral(layout(home), planOf(home), name);
  const remove = async (host: RunningHost): Promise<RemovedValidator> => {
    const { paths, plan } = host;
    requireOneOfSeveral(paths, plan, name);
    const address = consensusAddressOf(paths, name);
    const voters = await votersOf(host.rpcUrl);
    if (voters.some((voter) => voter.address === address)) requireSpare(name, address, voters);
    const backAtMs = await takeStakeBack(host, await keyAt(paths.key(name)), signal);
    await untilWithoutVote(host, name, address, signal);
    tell(`${name} has no vote any more`);
    replacePlan(paths.plan, without(plan, name));
    const kept = await putAside(paths, name, 'validator', signal);
    tell(`${name} is stopped`);
    const stakeBack = backAtMs === undefined ? null : new Date(backAtMs).toISOString();
    return { name, kept, stake_back: stakeBack };
  };
  return changeHost(options, remove, name);
}

/** Throws CommandError unless the host has this validator and another one, or a rest of it. */
function requireOneOfSeveral(paths: Layout, { validators }: HostPlan, name: string): void {
  const there = namesOf(validators);
  if (!there.includes(name)) {
    // An addition or a removal that was cut short leaves a folder.
    if (existsSync(paths.validator(name))) return;
    throw unknownPart('validator', name, there);
  }
  if (there.length > 1) return;
  const message = `name: ${name} is the last one on this host, which nodes and gateway ask`;
  throw new CommandError('LAST_VALIDATOR', message, EXIT.usage);
}

/** Throws CommandError if the others could not make blocks without it. */
function requireSpare(name: string, address: string, voters: readonly Voter[]): void {
  const rest = setWithout(voters, address);
  if (rest.verdict === 'goes_on') return;
  if (rest.verdict === 'nobody_left') {
    const message = `name: ${name} is the only validator; without it there are no more blocks`;
    throw new CommandError('LAST_VALIDATOR', message, EXIT.usage);
  }
  const { signing, total } = rest;
  const message = `name: without ${name} only ${signing} of the power of ${total} signs, and blocks need more than two thirds`;
  throw new CommandError('NO_QUORUM', message, EXIT.usage);
}

/** Who votes, and whether each was heard of lately. */
async function votersOf(rpcUrl: string): Promise<Voter[]> {
  const [powers, { height }] = await Promise.all([powersAt(rpcUrl), statusOf(rpcUrl)]);
  const heights = Array.from({ length: RECENT_BLOCKS }, (_, i) => height - i);
  const recent = heights.filter((one) => one > 1).map((one) => signersIn(rpcUrl, one));
  const signing = new Set((await Promise.all(recent)).flat());
  return Array.from(powers, ([address, power]) => ({
    address,
    power,
    isSigning: signing.has(address),
  }));
}

/** Takes all of its own stake back, unless an earlier run did. Returns when it comes. */
async function takeStakeBack(
  { chain }: RunningHost,
  key: Key,
  signal: AbortSignal,
): Promise<number | undefined> {
  const signer = key.signer(PREFIX);
  const operator = operatorAddress(PREFIX, key.addressBytes);
  const amount = await delegated(chain.query, signer.address, operator, { signal });
  if (amount === 0n) return undefined;
  const coin = { denom: chain.denom, amount: String(amount) };
  const message = undelegate(signer.address, operator, coin);
  return undelegatedUntil(await chain.broadcast(signer, [message], { signal }));
}

function untilWithoutVote(
  { rpcUrl }: RunningHost,
  name: string,
  address: string,
  signal: AbortSignal,
): Promise<true> {
  const late = () => `${name} still has its vote; has the chain come to a halt?`;
  return untilLate({ signal, ms: LEAVE_MS }, late, async () =>
    (await powersAt(rpcUrl)).has(address) ? undefined : true,
  );
}
