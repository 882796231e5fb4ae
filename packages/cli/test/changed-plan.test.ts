import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  namesIn,
  nextNodeName,
  nextValidatorName,
  nodePlaces,
  validatorPlaces,
  withNode,
  without,
  withValidator,
} from '../src/network/changed-plan.ts';
import {
  type HostPlan,
  planHosts,
  portsOf,
  readPlan,
  replacePlan,
  type ValidatorPlan,
  writePlan,
} from '../src/network/plan.ts';

const hostWith = (validators: number, nodes: number): HostPlan =>
  planHosts({
    chainId: 'test-1',
    validators,
    nodes,
    hosts: ['127.0.0.1'],
    portOf: (usual) => usual,
  })[0] as HostPlan;

const first = <T>(places: Generator<T>): T => places.next().value as T;

describe('one more', () => {
  test('validator has the ports that init would have given it', () => {
    const place = first(validatorPlaces(hostWith(3, 6), 'validator-4'));
    expect(place).toEqual(hostWith(4, 6).validators.at(-1));
  });

  test('node has the port that init would have given it', () => {
    const { name, profile, port } = hostWith(3, 7).nodes.at(-1) as HostPlan['nodes'][number];
    expect(first(nodePlaces(hostWith(3, 6), name, profile))).toEqual({ name, profile, port });
    expect(first(nodePlaces(hostWith(1, 0), 'node-1', profile)).port).toBe(9101);
  });

  test('validator or node shares no port, however many come and go', () => {
    const step = fc.oneof(
      fc.constant('validator' as const),
      fc.constant('node' as const),
      fc.nat({ max: 20 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let plan = hostWith(2, 2);
        for (const one of steps) {
          if (one === 'validator') {
            const name = nextValidatorName(namesIn(plan));
            plan = withValidator(plan, first(validatorPlaces(plan, name)));
          } else if (one === 'node') {
            const name = nextNodeName(namesIn(plan));
            plan = withNode(plan, first(nodePlaces(plan, name, 'native-f32')));
          } else if (plan.validators.length > 1) {
            const names = namesIn(plan).slice(1);
            plan = without(plan, names[one % Math.max(1, names.length)] ?? '');
          }
          expect(new Set(portsOf(plan)).size).toBe(portsOf(plan).length);
          expect(new Set(namesIn(plan)).size).toBe(namesIn(plan).length);
        }
      }),
    );
  });

  test('validator finds a place as long as there are ports', () => {
    const last: ValidatorPlan = {
      name: 'high',
      p2p_port: 65_500,
      rpc_port: 65_501,
      metrics_port: 65_502,
      application_metrics_port: 65_503,
    };
    const plan = { ...hostWith(1, 0), validators: [last] };
    const ports = Array.from(validatorPlaces(plan, 'next'), ({ p2p_port: port }) => port);
    expect(ports).toEqual([65_510, 65_520, 65_530]);
  });

  test('name follows all that are there or were', () => {
    expect(nextValidatorName(['validator-1', 'validator-7', 'node-9', 'mine'])).toBe('validator-8');
    expect(nextNodeName(['validator-7', 'node-9'])).toBe('node-10');
    expect(nextNodeName([])).toBe('node-1');
  });

  test.each(['validator-1', 'node-2'])('named %s again is refused', (name) => {
    const plan = hostWith(2, 2);
    const refusal = expect.objectContaining({ code: 'INVALID_INPUT' });
    const place = { ...first(validatorPlaces(plan, 'new')), name };
    expect(() => withValidator(plan, place)).toThrow(refusal);
    expect(() => withNode(plan, { name, profile: 'native-f32', port: 1 })).toThrow(refusal);
  });

  test.each(['', '../keys', 'A', 'x'.repeat(41)])('named %j is refused', (name) => {
    const refusal = expect.objectContaining({ code: 'INVALID_INPUT' });
    expect(() => first(validatorPlaces(hostWith(1, 0), name))).toThrow(refusal);
    expect(() => first(nodePlaces(hostWith(1, 0), name, 'native-f32'))).toThrow(refusal);
  });
});

test('one less leaves the others as they are', () => {
  const plan = hostWith(3, 3);
  expect(namesIn(without(plan, 'validator-2'))).toEqual([
    'validator-1',
    'validator-3',
    'node-1',
    'node-2',
    'node-3',
  ]);
  expect(namesIn(without(plan, 'node-3'))).not.toContain('node-3');
  expect(without(plan, 'nobody')).toEqual(plan);
});

test('a plan in the place of another is a new file, and nothing else is left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'network.json');
  writePlan(path, hostWith(3, 3));
  const { ino } = statSync(path);
  replacePlan(path, hostWith(2, 4));
  expect(readPlan(path)).toEqual(hostWith(2, 4));
  expect(statSync(path).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(['network.json']);
});
