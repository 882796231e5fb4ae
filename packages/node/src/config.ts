import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInputError } from '@semblance/core/errors';
import { CONDUCT_NAMES } from './adversaries/conducts.ts';

/**
 * What a node's process is told: by a JSON file (`--config`), or by flags of the same names in
 * kebab case, which win. Paths are relative to the working directory.
 */
export interface Config {
  /** Directory of this node alone: keys, finished runs, lock. */
  readonly home: string;
  readonly rpcUrl: string;
  /** Defaults to `<home>/key.json`. */
  readonly keyFile: string;
  /** Key that stakes and answers for the node; the node's own when not given. */
  readonly operatorKeyFile?: string;
  readonly prefix: string;
  readonly modelsDir: string;
  readonly models?: readonly string[];
  /** Name of a runtime profile. */
  readonly profile: string;
  readonly host: string;
  readonly port: number;
  readonly endpoint?: string;
  /** Base units, decimal. */
  readonly stake: bigint;
  readonly adversary: string;
  readonly unjail: boolean;
  readonly topUp: boolean;
  readonly diskQuotaMb: number;
  readonly idleUnloadSeconds: number;
}

const DEFAULTS = {
  rpcUrl: 'http://127.0.0.1:26657',
  prefix: 'sem',
  modelsDir: 'models',
  profile: 'native-f32',
  host: '127.0.0.1',
  port: '0',
  stake: '0',
  adversary: 'honest',
  unjail: 'true',
  topUp: 'false',
  diskQuotaMb: '1024',
  idleUnloadSeconds: '600',
} as const;

const FIELDS = [
  'home',
  'keyFile',
  'operatorKeyFile',
  'models',
  'endpoint',
  ...(Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]),
] as const;
type Field = (typeof FIELDS)[number];
type Given = Partial<Record<Field, string>>;

/** Reads file and flags. Throws InvalidInputError naming the field that is wrong. */
export async function readConfig(args: readonly string[]): Promise<Config> {
  const flags = parseFlags(args);
  const file = flags.config === undefined ? {} : await readFileFields(flags.config);
  const given: Given = { ...DEFAULTS, ...file, ...flags.fields };
  const home = required(given, 'home');
  return {
    home,
    rpcUrl: url(given, 'rpcUrl'),
    keyFile: given.keyFile ?? join(home, 'key.json'),
    ...(given.operatorKeyFile === undefined ? {} : { operatorKeyFile: given.operatorKeyFile }),
    prefix: required(given, 'prefix'),
    modelsDir: required(given, 'modelsDir'),
    ...(given.models === undefined ? {} : { models: given.models.split(',') }),
    profile: required(given, 'profile'),
    host: required(given, 'host'),
    port: count(given, 'port', 65_535),
    ...(given.endpoint === undefined ? {} : { endpoint: url(given, 'endpoint') }),
    stake: BigInt(digits(given, 'stake')),
    adversary: choice(given, 'adversary', CONDUCT_NAMES),
    unjail: choice(given, 'unjail', ['true', 'false']) === 'true',
    topUp: choice(given, 'topUp', ['true', 'false']) === 'true',
    diskQuotaMb: count(given, 'diskQuotaMb', 2 ** 30),
    idleUnloadSeconds: count(given, 'idleUnloadSeconds', 2_000_000),
  };
}

function parseFlags(args: readonly string[]): { config: string | undefined; fields: Given } {
  const flag = (field: string): string =>
    field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const options = Object.fromEntries(
    ['config', ...FIELDS].map((field) => [flag(field), { type: 'string' as const }]),
  );
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: [...args], options, allowPositionals: false }));
  } catch (cause) {
    throw new InvalidInputError('arguments', (cause as Error).message, { cause });
  }
  const fields: Given = {};
  for (const field of FIELDS) {
    const value = values[flag(field)];
    if (typeof value === 'string') fields[field] = value;
  }
  return { config: values.config as string | undefined, fields };
}

async function readFileFields(path: string): Promise<Given> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new InvalidInputError('config', `${path} is no readable JSON file`, { cause });
  }
  const fields: Given = {};
  for (const [name, value] of Object.entries(content as Record<string, unknown>)) {
    const field = FIELDS.find((known) => known === name);
    if (!field) throw new InvalidInputError(`config.${name}`, 'no such field');
    fields[field] = Array.isArray(value) ? value.join(',') : String(value);
  }
  return fields;
}

function required(given: Given, field: Field): string {
  const value = given[field];
  if (value === undefined || value === '') throw new InvalidInputError(field, 'is missing');
  return value;
}

function digits(given: Given, field: Field): string {
  const value = required(given, field);
  if (!/^\d{1,30}$/.test(value)) throw new InvalidInputError(field, 'not a whole number');
  return value;
}

function count(given: Given, field: Field, most: number): number {
  const value = Number(digits(given, field));
  if (value > most) throw new InvalidInputError(field, `above ${most}`);
  return value;
}

function choice(given: Given, field: Field, choices: readonly string[]): string {
  const value = required(given, field);
  if (!choices.includes(value)) {
    throw new InvalidInputError(field, `not one of ${choices.join(', ')}`);
  }
  return value;
}

function url(given: Given, field: Field): string {
  const value = required(given, field);
  const { protocol } = URL.parse(value) ?? { protocol: '' };
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new InvalidInputError(field, 'not an http(s) address');
  }
  return value;
}
