import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@semblance/inference/manifest';
import type { JobView } from '@semblance/sequencer/views';
import { describe, expect, onTestFinished, test } from 'vitest';
import { embeddedModel } from '../../packages/cli/src/embedded-model.ts';
import { gateway } from '../../packages/cli/src/gateway.ts';
import type { AddedNode } from '../../packages/cli/src/network/add-node.ts';
import type { AddedValidator } from '../../packages/cli/src/network/add-validator.ts';
import { namesIn, without } from '../../packages/cli/src/network/changed-plan.ts';
import { appHashAt, powersAt, signersIn, statusOf } from '../../packages/cli/src/network/comet.ts';
import { foundHosts } from '../../packages/cli/src/network/found-hosts.ts';
import { layout } from '../../packages/cli/src/network/layout.ts';
import {
  type HostPlan,
  planHosts,
  readPlan,
  replacePlan,
} from '../../packages/cli/src/network/plan.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { type Running, semblance, start } from '../e2e/semblance.ts';
import { until, WITHOUT_ENGINE } from './network.ts';

/* Three validators and two nodes, to which a fourth and a third come while `network start` runs. */

const VALIDATORS = 3;
const NODES = 2;

async function foundNetwork(home: string): Promise<HostPlan> {
  const ports = await freePorts(4 * VALIDATORS + NODES + 1);
  const plans = planHosts({
    chainId: 'semblance-add-1',
    validators: VALIDATORS,
    nodes: NODES,
    hosts: ['127.0.0.1'],
    portOf: () => ports.pop() as number,
  });
  const model = await readManifest(embeddedModel('emoji-64'));
  const timeMs = BigInt(Date.now());
  await foundHosts(home, plans, { model, timeMs, validators: VALIDATORS, blockMs: 200 });
  return plans[0] as HostPlan;
}

async function startNetwork(home: string): Promise<Running> {
  const running = start('network', 'start', '--home', home);
  onTestFinished(async () => {
    if (running.process.exitCode === null) await running.end('SIGTERM');
  });
  await running.printed(/Ctrl-C stops/);
  return running;
}

/** Runs a command that must succeed, and returns its one JSON value. */
async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await semblance('network', ...args, '--json');
  expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: expect.any(String) });
  return JSON.parse(stdout) as T;
}

async function settledJob(url: string, seed: string): Promise<JobView> {
  const api = gateway(url);
  const order = { prompt: 'a photo of a cat', seed, steps: 10, committee_size: 3 };
  let job = await api.submit(order);
  for await (const view of api.follow(job.id)) job = view;
  return job;
}

describe.skipIf(WITHOUT_ENGINE !== '')(`a network that runs${WITHOUT_ENGINE}`, () => {
  test('takes in a validator and a node, keeps them over a restart, and lets them go', {
    timeout: 400_000,
  }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'semblance-add-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const founded = await foundNetwork(home);
    const paths = layout(home);
    const witness = `http://127.0.0.1:${founded.validators[1]?.rpc_port}`;
    const gatewayUrl = `http://127.0.0.1:${founded.gateway_port}`;
    const votesAfter = (address: string, least: number) =>
      until(`a vote of ${address}`, async () => {
        const { height } = await statusOf(witness);
        if (height <= least) return undefined;
        return (await signersIn(witness, height)).includes(address) ? height : undefined;
      });
    const first = await startNetwork(home);

    const validator = await json<AddedValidator>('add', 'validator', '--home', home);
    expect(validator).toMatchObject({ name: 'validator-4', power: 10 });
    expect(await signersIn(witness, validator.height)).toContain(validator.address);
    expect((await powersAt(witness)).size).toBe(4);
    const own = await statusOf(validator.rpc);
    expect(own.address).toBe(validator.address);
    const at = own.height - 1;
    expect(await appHashAt(validator.rpc, at)).toBe(await appHashAt(witness, at));

    // As if the addition had been cut short before.
    mkdirSync(paths.node('node-3'));
    const node = await json<AddedNode>(
      ...['add', 'node', 'node-3', '--profile', 'native-f32', '--home', home],
    );
    expect(node).toMatchObject({ name: 'node-3', profile: 'native-f32', stake: '500000000' });
    // There are three nodes now, so every committee of three has the new one.
    const job = await settledJob(gatewayUrl, '1');
    expect(job.status).toBe('settled');
    const member = job.committee.find((one) => one.node === node.address);
    expect(member).toMatchObject({ runtime: 'native-f32', state: 'revealed' });

    const again = await semblance('network', 'add', 'validator', 'validator-4', '--home', home);
    expect(again).toMatchObject({
      code: 2,
      stderr: 'semblance: name: validator-4 has a vote already\n',
    });
    const twice = await semblance('network', 'add', 'node', 'node-3', '--home', home);
    const part = await semblance('network', 'add', 'node', 'sequencer', '--home', home);
    expect(part).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/name: sequencer is in use/),
    });
    expect(twice).toMatchObject({
      code: 2,
      stderr: 'semblance: name: node-3 is registered already\n',
    });

    // The next start has them too.
    expect(await first.end('SIGTERM')).toBe(0);
    const stopped = await semblance(
      'network',
      'remove',
      'validator',
      'validator-4',
      '--home',
      home,
    );
    expect(stopped).toMatchObject({ code: 4, stderr: expect.stringContaining('first: network') });
    const second = await startNetwork(home);
    expect(second.stdout()).toMatch(/validator-4 +http/);
    expect(second.stdout()).toMatch(/node-3 +http/);
    const { height } = await statusOf(witness);
    await votesAfter(validator.address, height);

    // The gateway asks validator-1, and is to ask another one when that leaves.
    for (const name of ['validator-4', 'validator-1']) {
      const removed = await json<{ kept: string }>('remove', 'validator', name, '--home', home);
      expect(removed).toEqual({
        name,
        kept: join(paths.removed, name),
        stake_back: expect.stringMatching(/^\d{4}-/),
      });
      expect(existsSync(paths.validator(name))).toBe(false);
      expect(readdirSync(join(removed.kept, 'keys'))).toEqual([`${name}.json`]);
      const config = readdirSync(join(removed.kept, 'validators', name, 'config'));
      expect(config).toContain('priv_validator_key.json');
    }
    const powers = await powersAt(witness);
    expect(powers.size).toBe(2);
    expect(powers.has(validator.address)).toBe(false);
    await expect(statusOf(validator.rpc)).rejects.toThrow();

    // As if the removal had been cut short before.
    replacePlan(paths.plan, without(readPlan(paths.plan), 'node-3'));
    const left = await json<{ kept: string }>('remove', 'node', 'node-3', '--home', home);
    expect(readdirSync(join(left.kept, 'keys'))).toEqual(['node-3.json']);
    await expect(fetch(node.endpoint)).rejects.toThrow();
    expect(namesIn(readPlan(paths.plan))).toEqual([
      'validator-2',
      'validator-3',
      'node-1',
      'node-2',
    ]);

    // Blocks go on, and so does the gateway: two nodes are too few for three.
    const last = await statusOf(witness);
    await until('three more blocks', async () =>
      (await statusOf(witness)).height >= last.height + 3 ? true : undefined,
    );
    expect(await settledJob(gatewayUrl, '2')).toMatchObject({ verdict: 'no_nodes' });
    expect(await second.end('SIGTERM')).toBe(0);
  });
});
