import { InvalidInputError } from '@semblance/core/errors';
import { nodeKey } from './found.ts';
import {
  type HostPlan,
  NODE_PORT,
  type NodePlan,
  partName,
  portsOf,
  portsOfValidator,
  STEP,
  type ValidatorPlan,
  validatorName,
} from './plan.ts';

/* What a host's plan becomes when something is added to it or removed. Nothing here touches the disk. */

const MAX_PORT = 65_535;

/** The next name of the usual kind after all that are there or were: `validator-4`, `node-7`. */
export function nextValidatorName(names: Iterable<string>): string {
  return validatorName(highest(names, /^validator-(\d{1,6})$/));
}

export function nextNodeName(names: Iterable<string>): string {
  return nodeKey(highest(names, /^node-(\d{1,6})$/));
}

function highest(names: Iterable<string>, pattern: RegExp): number {
  return Math.max(0, ...Array.from(names, (name) => Number(pattern.exec(name)?.[1] ?? 0)));
}

/**
 * Places for one more validator, the usual one first: ten above the ports of the host's last, then ten
 * above those, and so on. None shares a port with what the plan has.
 */
export function* validatorPlaces(plan: HostPlan, name: string): Generator<ValidatorPlan> {
  const taken = new Set(portsOf(plan));
  const last = plan.validators.at(-1) as ValidatorPlan;
  for (let above = STEP; ; above += STEP) {
    const place = {
      name: partName(name),
      p2p_port: last.p2p_port + above,
      rpc_port: last.rpc_port + above,
      metrics_port: last.metrics_port + above,
      application_metrics_port: last.application_metrics_port + above,
    };
    const ports = portsOfValidator(place);
    if (ports.some((port) => port > MAX_PORT)) return;
    const isOwn = new Set(ports).size === ports.length;
    if (isOwn && !ports.some((port) => taken.has(port))) yield place;
  }
}

/** Places for one more node, each with a port above the host's last. */
export function* nodePlaces(plan: HostPlan, name: string, profile: string): Generator<NodePlan> {
  const taken = new Set(portsOf(plan));
  const first = (plan.nodes.at(-1)?.port ?? NODE_PORT - 1) + 1;
  for (let port = first; port <= MAX_PORT; port++) {
    if (!taken.has(port)) yield { name: partName(name), profile, port };
  }
}

export function withValidator(plan: HostPlan, validator: ValidatorPlan): HostPlan {
  requireNewName(plan, validator.name);
  return { ...plan, validators: [...plan.validators, validator] };
}

export function withNode(plan: HostPlan, node: NodePlan): HostPlan {
  requireNewName(plan, node.name);
  return { ...plan, nodes: [...plan.nodes, node] };
}

/** The plan without the part of this name. */
export function without(plan: HostPlan, name: string): HostPlan {
  return {
    ...plan,
    validators: plan.validators.filter((validator) => validator.name !== name),
    nodes: plan.nodes.filter((node) => node.name !== name),
  };
}

/** Names of everything that a plan has. */
export function namesIn({ validators, nodes }: HostPlan): string[] {
  return [...validators, ...nodes].map(({ name }) => name);
}

function requireNewName(plan: HostPlan, name: string): void {
  if (!namesIn(plan).includes(name)) return;
  throw new InvalidInputError('name', `there is a ${name} already`);
}
