import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validatorHome } from '@semblance/consensus/cometbft/home';
import { readNetworkConfig } from '@semblance/consensus/cometbft/read-config';
import { readManifest } from '@semblance/inference/manifest';
import type { JobView } from '@semblance/sequencer/views';
import { describe, expect, onTestFinished, test } from 'vitest';
import { embeddedModel } from '../../packages/cli/src/embedded-model.ts';
import { gateway } from '../../packages/cli/src/gateway.ts';
import type { AddedNode } from '../../packages/cli/src/network/add-node.ts';
import type { AddedValidator } from '../../packages/cli/src/network/add-validator.ts';
import { namesIn, without } from '../../packages/cli/src/network/changed-plan.ts';
import { appHashAt, powersAt, signersIn, statusOf } from '../../packages/cli/src/network/comet.ts';
import { foundHosts, hostHome } from '../../packages/cli/src/network/found-hosts.ts';
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

interface Shape {
  readonly validators: number;
  readonly nodes: number;
  readonly hosts: readonly string[];
}

async function foundNetwork(home: string, shape: Shape): Promise<HostPlan[]> {
  const ports = await freePorts(4 * shape.validators + shape.nodes + 1);
  const plans = planHosts({
    ...shape,
    chainId: 'semblance-add-1',
    portOf: () => ports.pop() as number,
  });
  const model = await readManifest(embeddedModel('emoji-64'));
  const timeMs = BigInt(Date.now());
  const { validators } = shape;
  await foundHosts(home, plans, { model, timeMs, validators, blockMs: 200 });
  return plans;
}

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'semblance-add-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
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
    const home = temporaryHome();
    // A fourth validator and a third node come to these.
    const shape = { validators: 3, nodes: 2, hosts: ['127.0.0.1'] };
    const [founded] = (await foundNetwork(home, shape)) as [HostPlan];
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

  test('keeps the validator without which the others make no blocks', {
    timeout: 300_000,
  }, async () => {
    const home = temporaryHome();
    // Two names of this machine stand for two hosts.
    const shape = { validators: 2, nodes: 0, hosts: ['127.0.0.1', 'localhost'] };
    const plans = (await foundNetwork(home, shape)) as [HostPlan, HostPlan];
    const [one, other] = plans.map((plan) => hostHome(home, plan, plans)) as [string, string];
    const [first] = await Promise.all([one, other].map(startNetwork));

    const add = ['add', 'validator', '--stake', '30', '--home', other];
    const unpaid = await semblance('network', ...add);
    expect(unpaid).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^semblance: --payer: /),
    });
    const strong = await json<AddedValidator>(...add, '--payer', layout(one).key('gateway'));
    expect(strong).toMatchObject({ name: 'validator-3', power: 30 });
    const { peers } = readNetworkConfig(validatorHome(strong.home));
    expect(peers.map((peer) => peer.replace(/.*@/, '')).sort()).toEqual(
      plans.map(({ host, validators: [engine] }) => `${host}:${engine?.p2p_port}`).sort(),
    );

    // 40 of 50 go on when the other host falls silent, all of them needed; 10 of 20 would not.
    expect(await first?.end('SIGTERM')).toBe(0);
    const { height } = await statusOf(strong.rpc);
    const later = await until('blocks without the other host', async () => {
      const { height: now } = await statusOf(strong.rpc);
      return now > height + 6 ? now : undefined;
    });
    expect(await signersIn(strong.rpc, later)).toHaveLength(2);
    const refused = await semblance('network', 'remove', 'validator', strong.name, '--home', other);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/without validator-3 only 10 of the power of 20 signs/),
    });
    expect((await powersAt(strong.rpc)).get(strong.address)).toBe(30n);
  });
});
