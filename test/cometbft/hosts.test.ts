import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@semblance/inference/manifest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { embeddedModel } from '../../packages/cli/src/embedded-model.ts';
import { statusOf } from '../../packages/cli/src/network/comet.ts';
import { foundHosts, hostHome } from '../../packages/cli/src/network/found-hosts.ts';
import { planHosts } from '../../packages/cli/src/network/plan.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { start } from '../e2e/semblance.ts';
import { until, WITHOUT_ENGINE } from './network.ts';

/* Two names of this machine stand for two hosts. */
const HOSTS = ['127.0.0.1', 'localhost'];
const VALIDATORS = 3;
const NODES = 2;

describe.skipIf(WITHOUT_ENGINE !== '')(`a network of two hosts${WITHOUT_ENGINE}`, () => {
  test('each has its own keys alone, and together they make blocks', async () => {
    const home = mkdtempSync(join(tmpdir(), 'semblance-hosts-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const ports = await freePorts(4 * VALIDATORS + NODES + 1);
    const plans = planHosts({
      chainId: 'semblance-hosts-1',
      validators: VALIDATORS,
      nodes: NODES,
      hosts: HOSTS,
      portOf: () => ports.pop() as number,
    });
    const model = await readManifest(embeddedModel('emoji-64'));
    const timeMs = BigInt(Date.now());
    await foundHosts(home, plans, { model, timeMs, validators: VALIDATORS, blockMs: 200 });
    const homes = plans.map((plan) => hostHome(home, plan, plans));

    const keys = homes.map((folder) => readdirSync(join(folder, 'keys')).sort());
    expect(keys).toEqual([
      ['gateway.json', 'node-1.json', 'validator-1.json', 'validator-3.json'],
      ['node-2.json', 'validator-2.json'],
    ]);
    const genesis = homes.map((folder) => readFileSync(join(folder, 'genesis.json'), 'utf8'));
    expect(genesis[1]).toBe(genesis[0]);

    // Neither has two thirds, so the second is needed for the first block.
    const hosts = homes.map((folder) => start('network', 'start', '--home', folder));
    onTestFinished(async () => {
      await Promise.all(hosts.map((host) => host.end('SIGTERM')));
    });
    await Promise.all(hosts.map((host) => host.printed(/Ctrl-C stops/)));
    const engines = plans.flatMap(({ validators }) => validators);
    for (const { rpc_port: port } of engines) {
      await until(`height 3 at ${port}`, async () => {
        const { height } = await statusOf(`http://127.0.0.1:${port}`);
        return height >= 3 ? true : undefined;
      });
    }
    const metricsAt = async (port = 0) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(await metricsAt(engines[0]?.metrics_port)).toContain('cometbft_consensus_height');
    expect(await metricsAt(engines[0]?.application_metrics_port)).toMatch(
      /^semblance_chain_height [1-9]/m,
    );
  });
});
