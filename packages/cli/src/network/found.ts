import { existsSync, mkdirSync } from 'node:fs';
import { createKey, type Key } from '@semblance/client/keys';
import { readKeyFile, writeKeyFile } from '@semblance/client/keystore';
import {
  createGenesis,
  type GenesisJson,
  genesisValidator,
  writeGenesis,
} from '@semblance/consensus/genesis';
import { loadOrCreateValidatorKey } from '@semblance/consensus/validator-key';
import type { Manifest } from '@semblance/inference/manifest';
import { modesOf } from '@semblance/inference/modes';
import { MODES } from '@semblance/proto/task';
import { assertFoundedWith } from './founded-model.ts';
import type { Layout } from './layout.ts';

/* A new local network: its keys, and the genesis that gives them money and the model a place. */

export const PREFIX = 'sem';
export const DENOM = 'usem';

/** In usem: 1,000 SEM a node, of which it stakes a part; 100,000 SEM for who asks for pictures. */
export const NODE_BALANCE = 1_000_000_000n;
const GATEWAY_BALANCE = 100_000_000_000n;
/** 10 SEM, which is the power of 10 that the engine's genesis gives, and 10 to pay for gas. */
export const VALIDATOR_STAKE = 10_000_000n;
export const VALIDATOR_BALANCE = 10_000_000n;
const MIN_FEE = '1000000';

export const GATEWAY_KEY = 'gateway';
export const PRODUCER_KEY = 'producer';
export const nodeKey = (index: number): string => `node-${index + 1}`;

/** All the money that the genesis of one validator makes, in usem. */
export function supplyOf(nodes: number): bigint {
  const validator = VALIDATOR_STAKE + VALIDATOR_BALANCE;
  return GATEWAY_BALANCE + validator + NODE_BALANCE * BigInt(nodes);
}

export interface Founding {
  readonly chainId: string;
  readonly nodes: number;
  readonly model: Manifest;
  readonly timeMs: bigint;
}

/**
 * Writes keys and genesis once; a network that is there already is left as it is.
 *
 * @throws InvalidInputError when that one was founded with another model or other weights
 */
export async function foundNetwork(paths: Layout, founding: Founding): Promise<void> {
  if (existsSync(paths.genesis)) return assertFoundedWith(paths, founding.model);
  mkdirSync(paths.keys, { recursive: true, mode: 0o700 });
  const gateway = await keyAt(paths.key(GATEWAY_KEY));
  const account = await keyAt(paths.key(PRODUCER_KEY));
  const nodes: Key[] = [];
  for (let n = 0; n < founding.nodes; n++) nodes.push(await keyAt(paths.key(nodeKey(n))));
  const { publicKey } = loadOrCreateValidatorKey(paths.validatorKey);
  const validators = [{ name: 'solo', publicKey, account }];
  writeGenesis(paths.genesis, genesisOf(founding, { gateway, validators, nodes }));
}

/** The key in a file, made if there is none. */
export async function keyAt(path: string): Promise<Key> {
  if (!existsSync(path)) await writeKeyFile(path, await createKey());
  return readKeyFile(path);
}

/** Who is there from the first block on. */
export interface Founders {
  /** Pays for jobs, and owns the model. */
  readonly gateway: Key;
  readonly validators: readonly FoundingValidator[];
  readonly nodes: readonly Key[];
}

interface FoundingValidator {
  readonly name: string;
  /** Of the key that signs blocks. */
  readonly publicKey: Uint8Array;
  /** Operates it: its stake, its rewards. */
  readonly account: Key;
}

export function genesisOf(
  { chainId, timeMs, model }: Omit<Founding, 'nodes'>,
  { gateway, validators, nodes }: Founders,
): GenesisJson {
  const balance = (key: Key, amount: bigint) => ({
    address: key.address(PREFIX),
    coins: [{ denom: DENOM, amount: String(amount) }],
  });
  return createGenesis({
    chainId,
    timeMs,
    validators: validators.map(({ publicKey, name }) => genesisValidator(publicKey, name)),
    appState: {
      auth: { params: { bech32_prefix: PREFIX, min_gas_price_milli: '1' } },
      bank: {
        balances: [
          balance(gateway, GATEWAY_BALANCE),
          ...validators.map(({ account }) => balance(account, VALIDATOR_BALANCE)),
          ...nodes.map((key) => balance(key, NODE_BALANCE)),
        ],
      },
      staking: {
        validators: validators.map(({ name, publicKey, account }) => ({
          operator: account.address(PREFIX),
          consensus_pubkey: Buffer.from(publicKey).toString('base64'),
          moniker: name,
          self_delegation: String(VALIDATOR_STAKE),
        })),
      },
      ml: { params: { bond_denom: DENOM }, models: [genesisModel(model, gateway)] },
    },
  });
}

/** The manifest in the form the chain keeps, as proto JSON. */
function genesisModel(model: Manifest, owner: Key) {
  return {
    id: model.id,
    owner: owner.address(PREFIX),
    weights_root: Buffer.from(model.weightsRoot, 'hex').toString('base64'),
    profile: {
      hash: model.profile.hash,
      threshold_bits: model.profile.thresholdBits,
      committee_sizes: model.profile.committeeSizes,
    },
    limits: {
      size_multiple: model.limits.sizeMultiple,
      min_size: model.limits.minSize,
      max_size: model.limits.maxSize,
      max_steps: model.limits.maxSteps,
      schedulers: model.limits.schedulers,
      modes: modesOf(model).map((mode) => MODES[mode]),
    },
    min_fee: MIN_FEE,
  };
}
