import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { equals, fromHex, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { PUBLIC_TYPE, publicKeyJson } from './key-file.ts';
import { validatorAddress } from './validator-key.ts';

/** `genesis.json` in CometBFT's shape: 64-bit numbers are decimal strings. */
export interface GenesisJson {
  readonly genesis_time: string;
  readonly chain_id: string;
  readonly initial_height: string;
  readonly consensus_params: ConsensusParamsJson;
  readonly validators: readonly GenesisValidatorJson[];
  readonly app_hash: string;
  readonly app_state: unknown;
}

export interface ConsensusParamsJson {
  readonly block: { readonly max_bytes: string; readonly max_gas: string };
  readonly evidence: {
    readonly max_age_num_blocks: string;
    readonly max_age_duration: string;
    readonly max_bytes: string;
  };
  readonly validator: { readonly pub_key_types: readonly string[] };
  readonly version: { readonly app?: string };
  readonly abci: { readonly vote_extensions_enable_height: string };
}

export interface GenesisValidatorJson {
  readonly address: string;
  readonly pub_key: { readonly type: string; readonly value: string };
  readonly power: string;
  readonly name: string;
}

/** What genesis.json says, checked. */
export interface GenesisDocument {
  readonly chainId: string;
  /** Of the first block. */
  readonly initialHeight: bigint;
  readonly timeMs: bigint;
  readonly block: { readonly maxBytes: bigint; readonly maxGas: bigint };
  readonly appVersion: bigint;
  readonly validators: readonly GenesisValidator[];
  readonly appState: unknown;
}

export interface GenesisValidator {
  readonly address: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly power: bigint;
  readonly name: string;
}

const MAX_CHAIN_ID_LENGTH = 50;
/** CometBFT's `MaxBlockSizeBytes`. */
const MAX_BLOCK_BYTES = 104_857_600n;
const DAY_NANOSECONDS = 86_400_000_000_000n;

/** CometBFT's defaults with smaller blocks. */
const DEFAULT_PARAMS: ConsensusParamsJson = {
  block: { max_bytes: '4194304', max_gas: '-1' },
  evidence: {
    max_age_num_blocks: '100000',
    max_age_duration: String(2n * DAY_NANOSECONDS),
    max_bytes: '1048576',
  },
  validator: { pub_key_types: ['ed25519'] },
  version: { app: '0' },
  // The beacon is made of what validators add to their votes.
  abci: { vote_extensions_enable_height: '1' },
};

/** A genesis with these validators. The embedded block producer takes one, CometBFT any number. */
export function createGenesis(options: {
  readonly chainId: string;
  readonly timeMs: bigint;
  readonly validators: readonly Omit<GenesisValidator, 'address'>[];
  readonly appState: unknown;
}): GenesisJson {
  const genesis: GenesisJson = {
    genesis_time: new Date(Number(options.timeMs)).toISOString(),
    chain_id: options.chainId,
    initial_height: '1',
    consensus_params: DEFAULT_PARAMS,
    validators: options.validators.map(validatorJson),
    app_hash: '',
    app_state: options.appState,
  };
  parseGenesis(genesis);
  return genesis;
}

/** A validator of the usual power. */
export function genesisValidator(
  publicKey: Uint8Array,
  name = 'solo',
): Omit<GenesisValidator, 'address'> {
  return { publicKey, power: 10n, name };
}

export function validatorJson({ publicKey, power, name }: Omit<GenesisValidator, 'address'>) {
  return {
    address: toHex(validatorAddress(publicKey)).toUpperCase(),
    pub_key: publicKeyJson(publicKey),
    power: String(power),
    name,
  };
}

/** Most bytes of a genesis: `app_state` reaches the application in one frame, of 256 MiB at most. */
export const MAX_GENESIS_BYTES = 250_000_000;

export function readGenesis(path: string): GenesisJson {
  let json: unknown;
  let bytes: number;
  try {
    const found = statSync(path);
    // A device or a pipe says that it holds nothing, and need not end.
    bytes = found.isFile() ? found.size : Number.POSITIVE_INFINITY;
    if (bytes <= MAX_GENESIS_BYTES) json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new InvalidInputError('genesis', `${path} is not a readable JSON file`, { cause });
  }
  if (bytes > MAX_GENESIS_BYTES) {
    throw new InvalidInputError(
      'genesis',
      `${path} is no file of ${MAX_GENESIS_BYTES} bytes or less`,
    );
  }
  parseGenesis(json);
  return json as GenesisJson;
}

/** Writes the file; refuses to replace one that is there. */
export function writeGenesis(path: string, genesis: GenesisJson): void {
  parseGenesis(genesis);
  writeFileSync(path, `${JSON.stringify(genesis, undefined, 2)}\n`, { flag: 'wx' });
}

/** Checks everything around `app_state`, which is the application's own to check. */
export function parseGenesis(json: unknown): GenesisDocument {
  const genesis = object(json, 'genesis');
  if (genesis.app_hash !== undefined && genesis.app_hash !== '') {
    throw new InvalidInputError('app_hash', 'must be empty: the application computes it');
  }
  const params = object(genesis.consensus_params, 'consensus_params');
  return {
    chainId: parseChainId(genesis.chain_id),
    initialHeight: parseInitialHeight(genesis.initial_height),
    timeMs: parseTime(genesis.genesis_time),
    block: parseBlockParams(params.block),
    appVersion: parseAppVersion(params.version),
    validators: parseValidators(genesis.validators),
    appState: genesis.app_state,
  };
}

function parseChainId(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_CHAIN_ID_LENGTH) {
    throw new InvalidInputError('chain_id', `not a string of 1 to ${MAX_CHAIN_ID_LENGTH} letters`);
  }
  return value;
}

function parseInitialHeight(value: unknown): bigint {
  const height = value === undefined ? 1n : integer(value, 'initial_height');
  if (height < 1n) throw new InvalidInputError('initial_height', 'below 1');
  return height;
}

function parseTime(value: unknown): bigint {
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  const time = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || time < 0) {
    throw new InvalidInputError('genesis_time', 'not an RFC 3339 time after 1970');
  }
  return BigInt(time);
}

function parseBlockParams(value: unknown): GenesisDocument['block'] {
  const block = object(value, 'consensus_params.block');
  const maxBytes = integer(block.max_bytes, 'consensus_params.block.max_bytes');
  const maxGas = integer(block.max_gas, 'consensus_params.block.max_gas');
  if (maxBytes < 4096n || maxBytes > MAX_BLOCK_BYTES) {
    throw new InvalidInputError('consensus_params.block.max_bytes', 'not in 4096 to 104857600');
  }
  if (maxGas < -1n) throw new InvalidInputError('consensus_params.block.max_gas', 'below -1');
  return { maxBytes, maxGas };
}

function parseAppVersion(value: unknown): bigint {
  if (value === undefined) return 0n;
  const { app } = object(value, 'consensus_params.version');
  return app === undefined ? 0n : integer(app, 'consensus_params.version.app');
}

function parseValidators(value: unknown): GenesisValidator[] {
  if (!Array.isArray(value)) throw new InvalidInputError('validators', 'not an array');
  return value.map((item, i) => parseValidator(item, `validators[${i}]`));
}

function parseValidator(value: unknown, field: string): GenesisValidator {
  const validator = object(value, field);
  const key = object(validator.pub_key, `${field}.pub_key`);
  if (key.type !== PUBLIC_TYPE || typeof key.value !== 'string') {
    throw new InvalidInputError(`${field}.pub_key`, `not a ${PUBLIC_TYPE}`);
  }
  const publicKey = new Uint8Array(Buffer.from(key.value, 'base64'));
  if (publicKey.length !== 32) {
    throw new InvalidInputError(`${field}.pub_key`, 'not 32 bytes long');
  }
  const address = validatorAddress(publicKey);
  if (typeof validator.address !== 'string') {
    throw new InvalidInputError(`${field}.address`, 'not a string');
  }
  if (!equals(fromHex(validator.address, `${field}.address`), address)) {
    throw new InvalidInputError(`${field}.address`, 'does not belong to pub_key');
  }
  const power = integer(validator.power, `${field}.power`);
  if (power <= 0n) throw new InvalidInputError(`${field}.power`, 'not positive');
  return {
    address,
    publicKey,
    power,
    name: typeof validator.name === 'string' ? validator.name : '',
  };
}

function object(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInputError(field, 'not an object');
  }
  return value as Record<string, unknown>;
}

function integer(value: unknown, field: string): bigint {
  if (typeof value !== 'string' || !/^-?\d{1,18}$/.test(value)) {
    throw new InvalidInputError(field, 'not a decimal string');
  }
  return BigInt(value);
}
