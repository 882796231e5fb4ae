import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { Key } from '@semblance/client/keys';
import { createValidator, operatorAddress, validatorOf } from '@semblance/client/staking';
import { makeIdentity, validatorHome } from '@semblance/consensus/cometbft/home';
import { readNetworkConfig } from '@semblance/consensus/cometbft/read-config';
import { readValidatorKey } from '@semblance/consensus/validator-key';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import {
  answers,
  type ChangeOptions,
  changeHost,
  consensusAddressOf,
  namesUsed,
  type RunningHost,
  requireUnused,
  rpcUrlOf,
} from './change-host.ts';
import { nextValidatorName, validatorPlaces, withValidator } from './changed-plan.ts';
import { powersAt, signersIn, statusOf } from './comet.ts';
import { keyAt, PREFIX, VALIDATOR_BALANCE } from './found.ts';
import { configureValidator, peerAddress } from './found-hosts.ts';
import { fundUpTo, payerOf, requireFunds } from './payer.ts';
import { portsOfValidator, replacePlan, type ValidatorPlan } from './plan.ts';
import { firstFree } from './ports.ts';
import { untilLate } from './until.ts';

/* A validator joins a network that runs: it follows the chain first, and gets its vote afterwards. */

export interface AddValidatorOptions extends ChangeOptions {
  /** Default: the next of the usual ones. One that follows the chain without a vote gets it. */
  readonly name?: string | undefined;
  /** Base units that it stakes; a million are 1 of power. */
  readonly stake: bigint;
  /** Key file of who gives it its coins. Default: the gateway's. */
  readonly payer?: string | undefined;
}

export interface AddedValidator {
  readonly name: string;
  readonly home: string;
  /** Consensus address, hexadecimal, upper case. */
  readonly address: string;
  /** Account that operates it. */
  readonly account: string;
  readonly operator: string;
  readonly power: number;
  readonly rpc: string;
  /** A block in which its vote stands. */
  readonly height: number;
}

const START_MS = 120_000;
/** How long it may stand still before it has caught up. */
const STANDSTILL_MS = 120_000;
const VOTE_MS = 120_000;

/**
 * Makes the validator's keys and configuration and puts it into the plan, waits until `network start`
 * has started it and it has all blocks, stakes for it, and waits until it votes. If that is cut short,
 * the same name goes on from where it was.
 */
export function addValidator(options: AddValidatorOptions): Promise<AddedValidator> {
  return changeHost(options, async (host) => {
    const { paths, plan, chain } = host;
    const { stake, signal, tell } = options;
    const name = options.name ?? nextValidatorName(namesUsed(paths, plan));
    const known = plan.validators.find((validator) => validator.name === name);
    const home = paths.validator(name);
    const isBegun = existsSync(home);
    if (isBegun) await requireNoVote(host, name);
    else requireUnused(paths, plan, name);
    const payer = await payerOf(paths, options.payer);
    if (!isBegun) await requireFunds(chain, payer, stake + VALIDATOR_BALANCE);

    const validator = known ?? (await makeHome(host, name));
    tell(`${name}  ${home}`);
    // Written again even if nothing is new, so that a start that failed is tried again.
    replacePlan(paths.plan, known === undefined ? withValidator(plan, validator) : plan);
    await untilStarted(host, validator, options);
    tell(`${name} answers at ${rpcUrlOf(validator)}`);
    await untilCaughtUp(host, validator, options);
    tell(`${name} has all blocks`);

    const account = await keyAt(paths.key(name));
    if ((await validatorOf(chain.query, operatorOf(account), { signal })) === undefined) {
      await fundUpTo(chain, payer, account.address(PREFIX), stake + VALIDATOR_BALANCE, signal);
      await giveVote(host, name, account, options);
    }
    const address = consensusAddressOf(paths, name);
    const height = await untilVoting(host, name, address, options);
    tell(`${name} votes since block ${height}`);
    const power = (await powersAt(host.rpcUrl)).get(address) ?? 0n;
    return {
      name,
      home,
      address,
      account: account.address(PREFIX),
      operator: operatorOf(account),
      power: Number(power),
      rpc: rpcUrlOf(validator),
      height,
    };
  });
}

const operatorOf = (key: Key): string => operatorAddress(PREFIX, key.addressBytes);

/** Throws CommandError if a validator that there is already cannot be given a vote. */
async function requireNoVote({ paths, rpcUrl, chain }: RunningHost, name: string): Promise<void> {
  if ((await powersAt(rpcUrl)).has(consensusAddressOf(paths, name))) {
    throw new CommandError('ALREADY_VALIDATOR', `name: ${name} has a vote already`, EXIT.usage);
  }
  const operator = operatorOf(await keyAt(paths.key(name)));
  if ((await validatorOf(chain.query, operator))?.isJailed !== true) return;
  const message = `name: ${name} is a validator in jail: it has to be let out, not added`;
  throw new CommandError('JAILED', message, EXIT.usage);
}

/** Keys and configuration of a new validator: its peers are those of this host and all that they know. */
async function makeHome({ paths, plan }: RunningHost, name: string): Promise<ValidatorPlan> {
  const validator = await firstFree(validatorPlaces(plan, name), portsOfValidator);
  const own = validatorHome(paths.validator(name));
  const configs = plan.validators.map((other) =>
    readNetworkConfig(validatorHome(paths.validator(other.name))),
  );
  makeIdentity(own);
  await keyAt(paths.key(name));
  copyFileSync(paths.genesis, own.genesis);
  // Of an addition that was cut short; its ports may be somebody's by now.
  rmSync(own.config, { force: true });
  const here = plan.validators.map((other) => {
    const { nodeId } = makeIdentity(validatorHome(paths.validator(other.name)));
    return peerAddress(nodeId, plan.host, other);
  });
  const elsewhere = configs.flatMap(({ peers }) => peers).filter((peer) => !isOn(peer, plan.host));
  const blockMs = configs.find((config) => config.blockMs !== undefined)?.blockMs;
  configureValidator(paths, plan.host, validator, {
    peers: [...new Set([...here, ...elsewhere])],
    ...(blockMs === undefined ? {} : { blockMs }),
  });
  return validator;
}

/** Those of this host are known from its plan, without the ones that have left. */
function isOn(peer: string, host: string): boolean {
  return peer.slice(peer.indexOf('@') + 1, peer.lastIndexOf(':')) === host;
}

async function untilStarted(
  { paths }: RunningHost,
  validator: ValidatorPlan,
  { signal }: ChangeOptions,
): Promise<void> {
  const late = () =>
    `${validator.name} was not started in ${START_MS / 1000} s; see ${paths.logs} and what network start says`;
  await untilLate({ signal, ms: START_MS }, late, async () =>
    (await answers(paths, validator)) ? true : undefined,
  );
}

async function untilCaughtUp(
  { rpcUrl }: RunningHost,
  validator: ValidatorPlan,
  { signal }: ChangeOptions,
): Promise<void> {
  let height = -1;
  const late = () => `${validator.name} stands at block ${height} and gets no more`;
  for (let isThere = false; !isThere; ) {
    isThere = await untilLate({ signal, ms: STANDSTILL_MS }, late, async () => {
      const [own, { height: newest }] = await Promise.all([
        statusOf(rpcUrlOf(validator)),
        statusOf(rpcUrl),
      ]);
      if (!own.isCatchingUp && own.height > 0 && own.height >= newest - 1) return true;
      if (own.height <= height) return undefined;
      height = own.height;
      return false;
    });
  }
}

async function giveVote(
  { paths, chain }: RunningHost,
  name: string,
  key: Key,
  { stake, signal }: AddValidatorOptions,
): Promise<void> {
  const signer = key.signer(PREFIX);
  const message = createValidator({
    account: signer.address,
    operator: operatorOf(key),
    publicKey: readValidatorKey(validatorHome(paths.validator(name)).validatorKey).publicKey,
    moniker: name,
    stake: { denom: chain.denom, amount: String(stake) },
  });
  await chain.broadcast(signer, [message], { signal });
}

/** Height of a block that holds its vote. */
function untilVoting(
  { rpcUrl }: RunningHost,
  name: string,
  address: string,
  { signal }: ChangeOptions,
): Promise<number> {
  const late = () =>
    `${name} has staked and does not vote: others may have more stake, or it is behind`;
  return untilLate({ signal, ms: VOTE_MS }, late, async () => {
    const { height } = await statusOf(rpcUrl);
    return (await signersIn(rpcUrl, height)).includes(address) ? height : undefined;
  });
}
