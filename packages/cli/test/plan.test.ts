import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HostPlan, planHosts, portsOf, readPlan, writePlan } from '../src/network/plan.ts';

const planFor = (validators: number, nodes: number, hosts: readonly string[]) =>
  planHosts({ chainId: 'test-1', validators, nodes, hosts, portOf: (usual) => usual });

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'semblance-plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'network.json');
}

const names = (parts: readonly { readonly name: string }[]) => parts.map(({ name }) => name);

describe('a plan', () => {
  test('puts everything on the one host there is', () => {
    const [plan, ...others] = planFor(3, 6, ['127.0.0.1']) as [HostPlan];
    expect(others).toEqual([]);
    expect(names(plan.validators)).toEqual(['validator-1', 'validator-2', 'validator-3']);
    expect(plan.validators.map(({ rpc_port: port }) => port)).toEqual([26_657, 26_667, 26_677]);
    expect(plan.nodes).toHaveLength(6);
    expect(new Set(plan.nodes.map(({ profile }) => profile)).size).toBe(6);
    expect(plan.gateway_port).toBe(8080);
  });

  test('deals out to many hosts, each with somebody to ask', () => {
    const plans = planFor(2, 4, ['a', 'b', 'c']);
    expect(plans.map(({ validators }) => names(validators))).toEqual([
      ['validator-1'],
      ['validator-2'],
      ['validator-3'],
    ]);
    expect(plans.map(({ nodes }) => names(nodes))).toEqual([
      ['node-1', 'node-4'],
      ['node-2'],
      ['node-3'],
    ]);
    expect(plans.map(({ gateway_port: port }) => port)).toEqual([8080, null, null]);
  });

  test('leaves nobody out, names nobody twice and shares no port of a host', () => {
    const size = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 8 }), (validators, nodes, count) => {
        const hosts = Array.from({ length: count }, (_, i) => `host-${i}`);
        const plans = planFor(validators, nodes, hosts);
        const all = plans.flatMap((plan) => [...names(plan.validators), ...names(plan.nodes)]);
        expect(new Set(all).size).toBe(Math.max(validators, count) + nodes);
        expect(all).toHaveLength(new Set(all).size);
        for (const plan of plans) expect(new Set(portsOf(plan)).size).toBe(portsOf(plan).length);
      }),
    );
  });

  test('is read as it was written', () => {
    for (const plan of planFor(4, 5, ['127.0.0.1', '10.0.0.2'])) {
      const path = temporaryFile();
      writePlan(path, plan);
      expect(readPlan(path)).toEqual(plan);
    }
  });

  test.each([
    ['gateway_port', { gateway_port: 70_000 }],
    ['validators', { validators: [] }],
    ['validators', { validators: 'all' }],
    ['name', { nodes: [{ name: '../keys', profile: 'native-f32', port: 9101 }] }],
    ['profile', { nodes: [{ name: 'node-1', profile: 'quantum', port: 9101 }] }],
    ['port', { nodes: [{ name: 'node-1', profile: 'native-f32', port: '9101' }] }],
    ['host', { host: '' }],
  ])('with a wrong %s is refused', (field, change) => {
    const path = temporaryFile();
    writePlan(path, planFor(1, 1, ['127.0.0.1'])[0] as HostPlan);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
    expect(() => readPlan(path)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({ field }),
      }),
    );
  });
});
