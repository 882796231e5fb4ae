import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { InvalidInputError } from '@semblance/core/errors';
import { PROFILES, profileNamed } from '@semblance/inference/profiles';
import { nodeKey } from './found.ts';

/** What of a network runs on one host; its `network.json`. */
export interface HostPlan {
  readonly chain_id: string;
  /** Where the other hosts reach this one: a name or an address. */
  readonly host: string;
  /** CometBFT nodes; one whose key genesis does not name follows the chain and has no vote. */
  readonly validators: readonly ValidatorPlan[];
  readonly nodes: readonly NodePlan[];
  /** Port of the gateway and its page, on the one host that has them. */
  readonly gateway_port: number | null;
}

export interface ValidatorPlan {
  readonly name: string;
  readonly p2p_port: number;
  readonly rpc_port: number;
  /** CometBFT's. */
  readonly metrics_port: number;
  readonly application_metrics_port: number;
}

export interface NodePlan {
  readonly name: string;
  /** How it computes. */
  readonly profile: string;
  readonly port: number;
}

export interface NetworkShape {
  readonly chainId: string;
  readonly validators: number;
  readonly nodes: number;
  readonly hosts: readonly string[];
  /** Makes a port of the usual one: `usual => usual`, or any free one. */
  readonly portOf: (usual: number) => number;
}

/** Of the first of each kind on a host; a host's second validator has ten more, and so on. */
const P2P_PORT = 26_656;
const RPC_PORT = 26_657;
const METRICS_PORT = 26_660;
const APPLICATION_METRICS_PORT = 26_661;
/** From a validator's ports to those of the next on its host. */
export const STEP = 10;
export const NODE_PORT = 9101;
const GATEWAY_PORT = 8080;

/**
 * Deals validators and nodes out to the hosts in turn. Every host gets a CometBFT node for its own
 * parts to ask, beyond the validators one without a vote.
 */
export function planHosts(shape: NetworkShape): HostPlan[] {
  const { chainId, hosts, portOf } = shape;
  const engines = range(Math.max(shape.validators, hosts.length));
  return hosts.map((host, h) => {
    const isHere = (index: number) => index % hosts.length === h;
    return {
      chain_id: chainId,
      host,
      validators: engines.filter(isHere).map((index, i) => ({
        name: validatorName(index),
        p2p_port: portOf(P2P_PORT + STEP * i),
        rpc_port: portOf(RPC_PORT + STEP * i),
        metrics_port: portOf(METRICS_PORT + STEP * i),
        application_metrics_port: portOf(APPLICATION_METRICS_PORT + STEP * i),
      })),
      nodes: range(shape.nodes)
        .filter(isHere)
        .map((index, i) => ({
          name: nodeKey(index),
          profile: profileOf(index),
          port: portOf(NODE_PORT + i),
        })),
      gateway_port: h === 0 ? portOf(GATEWAY_PORT) : null,
    };
  });
}

/** All ports that a host's plan gives out. */
export function portsOf({ validators, nodes, gateway_port: gateway }: HostPlan): number[] {
  return [
    ...validators.flatMap(portsOfValidator),
    ...nodes.map(({ port }) => port),
    ...(gateway === null ? [] : [gateway]),
  ];
}

export function portsOfValidator(validator: ValidatorPlan): number[] {
  return [
    validator.p2p_port,
    validator.rpc_port,
    validator.metrics_port,
    validator.application_metrics_port,
  ];
}

export const validatorName = (index: number): string => `validator-${index + 1}`;

/** No two of six compute alike. */
export function profileOf(index: number): string {
  return (PROFILES[index % PROFILES.length] as (typeof PROFILES)[number]).name;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Whether nobody but this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '[::1]' || host === 'localhost';
}

/** Writes a plan where there is none. */
export function writePlan(path: string, plan: HostPlan): void {
  writeFileSync(path, textOf(plan), { flag: 'wx' });
}

/** Writes a plan in the place of another: whoever reads sees the one or the other, whole. */
export function replacePlan(path: string, plan: HostPlan): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, textOf(plan), { flush: true });
  renameSync(temporary, path);
}

const textOf = (plan: HostPlan): string => `${JSON.stringify(plan, undefined, 2)}\n`;

/** Throws InvalidInputError naming the field that is wrong. */
export function readPlan(path: string): HostPlan {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new InvalidInputError('--home', `${path} is not a readable JSON file`, { cause });
  }
  const plan = object(json, path);
  if (list(plan, 'validators').length === 0) {
    throw new InvalidInputError('validators', 'none: the nodes of a host need one to ask');
  }
  return {
    chain_id: string(plan, 'chain_id'),
    host: string(plan, 'host'),
    validators: list(plan, 'validators').map((validator) => ({
      name: name(validator),
      p2p_port: port(validator, 'p2p_port'),
      rpc_port: port(validator, 'rpc_port'),
      metrics_port: port(validator, 'metrics_port'),
      application_metrics_port: port(validator, 'application_metrics_port'),
    })),
    nodes: list(plan, 'nodes').map((node) => ({
      name: name(node),
      profile: profileNamed(string(node, 'profile')).name,
      port: port(node, 'port'),
    })),
    gateway_port: plan.gateway_port === null ? null : port(plan, 'gateway_port'),
  };
}

type Fields = Record<string, unknown>;

function object(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new InvalidInputError(field, 'not an object');
}

function list(fields: Fields, field: string): Fields[] {
  const value = fields[field];
  if (!Array.isArray(value)) throw new InvalidInputError(field, 'not a list');
  return value.map((item) => object(item, field));
}

function string(fields: Fields, field: string): string {
  const value = fields[field];
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidInputError(field, 'not a text');
}

function name(fields: Fields): string {
  return partName(string(fields, 'name'));
}

/** What names a folder and a key file. Throws InvalidInputError. */
export function partName(value: string): string {
  if (/^[a-z0-9-]{1,40}$/.test(value)) return value;
  throw new InvalidInputError('name', 'not 1 to 40 small letters, digits and dashes');
}

function port(fields: Fields, field: string): number {
  const value = fields[field];
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535) {
    return value as number;
  }
  throw new InvalidInputError(field, 'not a port from 1 to 65535');
}
