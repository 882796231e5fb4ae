import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Chain, connect } from '@semblance/client/chain';
import { validatorHome } from '@semblance/consensus/cometbft/home';
import { ConsensusError } from '@semblance/consensus/errors';
import { lockHome } from '@semblance/consensus/home-lock';
import { readValidatorKey } from '@semblance/consensus/validator-key';
import { toHex } from '@semblance/core/bytes';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { namesIn } from './changed-plan.ts';
import { statusOf } from './comet.ts';
import { planOf, SEQUENCER } from './host.ts';
import { type Layout, layout } from './layout.ts';
import type { HostPlan, ValidatorPlan } from './plan.ts';
import { untilLate } from './until.ts';

/* What adding to a network and removing from it have in common. */

export interface ChangeOptions {
  /** The host's folder, with its network.json. */
  readonly home: string;
  readonly signal: AbortSignal;
  /** Told what is done, step by step. */
  readonly tell: (line: string) => void;
}

/** A host whose network runs, while nobody else changes its plan. */
export interface RunningHost {
  readonly paths: Layout;
  readonly plan: HostPlan;
  /** Of a validator of this host that answers. */
  readonly rpcUrl: string;
  readonly chain: Chain;
}

/**
 * Runs `act` on a host that runs. Refuses if it does not, or if another change is under way.
 * `except` names a validator that is not to be asked.
 */
export async function changeHost<T>(
  { home, signal }: ChangeOptions,
  act: (host: RunningHost) => Promise<T>,
  except?: string,
): Promise<T> {
  const paths = layout(home);
  planOf(home);
  const unlock = lockPlan(paths);
  try {
    const plan = planOf(home);
    const rpcUrl = await answeringRpc(paths, plan, except);
    const chain = await connect(rpcUrl, { signal });
    try {
      return await act({ paths, plan, rpcUrl, chain });
    } finally {
      chain.close();
    }
  } finally {
    unlock();
  }
}

/** The consensus address of a validator of this host, hexadecimal, upper case. */
export function consensusAddressOf(paths: Layout, name: string): string {
  const { address } = readValidatorKey(validatorHome(paths.validator(name)).validatorKey);
  return toHex(address).toUpperCase();
}

/** Whether this very validator answers there, and not that of another network. */
export async function answers(paths: Layout, validator: ValidatorPlan): Promise<boolean> {
  try {
    const { address } = await statusOf(rpcUrlOf(validator));
    return address === consensusAddressOf(paths, validator.name);
  } catch {
    return false;
  }
}

export function rpcUrlOf({ rpc_port: port }: ValidatorPlan): string {
  return `http://127.0.0.1:${port}`;
}

/** Every name that is or was in use here: in the plan, for a folder, for a key, for another part. */
export function namesUsed(paths: Layout, plan: HostPlan): Set<string> {
  const folders = [dirname(paths.validator('x')), dirname(paths.node('x')), paths.removed];
  return new Set([
    ...namesIn(plan),
    ...folders.flatMap(entriesOf),
    ...entriesOf(paths.keys).map((file) => basename(file, '.json')),
    SEQUENCER,
  ]);
}

/** Throws CommandError NAME_TAKEN if a new part cannot be called so. */
export function requireUnused(paths: Layout, plan: HostPlan, name: string): void {
  if (!namesUsed(paths, plan).has(name)) return;
  const message = `name: ${name} is in use in ${paths.home}, or was`;
  throw new CommandError('NAME_TAKEN', message, EXIT.usage);
}

/** A part that a plan does not have. */
export function unknownPart(
  kind: 'validator' | 'node',
  name: string,
  there: readonly string[],
): CommandError {
  const list = there.length === 0 ? 'none' : there.join(', ');
  const message = `name: no ${kind} ${name} on this host; there are: ${list}`;
  return new CommandError('UNKNOWN_NAME', message, EXIT.usage);
}

export function namesOf(parts: readonly { readonly name: string }[]): string[] {
  return parts.map(({ name }) => name);
}

/**
 * Waits until a part is stopped, moves what it knew and its key out of the way, and returns the new
 * folder. It is laid out like the host's own, so that `keys --home` takes it.
 */
export async function putAside(
  paths: Layout,
  name: string,
  kind: 'node' | 'validator',
  signal: AbortSignal,
): Promise<string> {
  const aside = layout(join(paths.removed, name));
  const [from, to] = [paths[kind](name), aside[kind](name)];
  const locked = kind === 'validator' ? validatorHome(from).application : from;
  mkdirSync(locked, { recursive: true, mode: 0o700 });
  const late = () => `${name} was not stopped in ${STOP_MS / 1000} s; is network start running?`;
  const unlock = await untilLate({ signal, ms: STOP_MS }, late, async () => lockHome(locked));
  try {
    mkdirSync(aside.keys, { recursive: true, mode: 0o700 });
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    renameSync(paths.key(name), aside.key(name));
  } finally {
    unlock();
  }
  return aside.home;
}

const STOP_MS = 60_000;

function lockPlan({ home }: Layout): () => void {
  try {
    return lockHome(home);
  } catch (cause) {
    if (!(cause instanceof ConsensusError && cause.code === 'HOME_IN_USE')) throw cause;
    const message = `--home: another network add or remove is at work in ${home}`;
    throw new CommandError('HOME_IN_USE', message, EXIT.usage, { cause });
  }
}

async function answeringRpc(
  paths: Layout,
  plan: HostPlan,
  except: string | undefined,
): Promise<string> {
  for (const validator of plan.validators) {
    if (validator.name !== except && (await answers(paths, validator))) return rpcUrlOf(validator);
  }
  const who = except === undefined ? 'no validator' : `no validator but ${except}`;
  const message = `--home: ${who} of ${paths.home} is running; first: network start`;
  throw new CommandError('NOT_RUNNING', message, EXIT.unreachable);
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
