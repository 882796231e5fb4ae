import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CountedStore } from '@semblance/chain/census';
import { createMemoryStore } from '@semblance/chain/memory-store';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { createApplicationMetrics } from '../../packages/consensus/src/metrics/application-metrics.ts';
import { createMetrics as nodeMetrics } from '../../packages/node/src/metrics.ts';
import { createMetrics as sequencerMetrics } from '../../packages/sequencer/src/metrics.ts';
import { until, WITHOUT_ENGINE } from '../cometbft/network.ts';

/* Whatever the dashboard draws is really told by somebody. */

interface Dashboard {
  readonly panels: readonly { title: string; targets: readonly { expr: string }[] }[];
}

const file = fileURLToPath(new URL('../../deploy/grafana/semblance.json', import.meta.url));
const dashboard = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;

/** Names of metrics in the dashboard's expressions, of a histogram without its part. */
function drawn(prefix: string): string[] {
  const all = dashboard.panels.flatMap(({ targets }) =>
    targets.flatMap(({ expr }) => expr.match(/\b(semblance|cometbft)_[a-z0-9_]+/g) ?? []),
  );
  const names = all.map((name) => name.replace(/_bucket$/, ''));
  return [...new Set(names)].filter((name) => name.startsWith(prefix)).sort();
}

const none = () => 0;
const REGISTRIES = {
  semblance_chain: createApplicationMetrics({
    stateBytes: none,
    census: () => new CountedStore(createMemoryStore()).census,
  }).registry,
  semblance_node: nodeMetrics({ queue: none, storedBytes: none }).registry,
  semblance_sequencer: sequencerMetrics({
    waiting: none,
    inFlight: none,
    activeNodes: none,
    onlineNodes: none,
    height: none,
    eventStreams: none,
  }).registry,
};

test.each(Object.entries(REGISTRIES))('%s tells all that is drawn of it', (prefix, registry) => {
  const told = registry.getMetricsAsArray().map(({ name }) => name);
  expect(drawn(prefix).length).toBeGreaterThan(0);
  expect(told).toEqual(expect.arrayContaining(drawn(prefix)));
});

test('every panel draws something, and only what one of the four tells', () => {
  for (const { targets } of dashboard.panels) expect(targets.length).toBeGreaterThan(0);
  const known = ['cometbft', ...Object.keys(REGISTRIES)].flatMap(drawn);
  expect(drawn('').filter((name) => !known.includes(name))).toEqual([]);
});

describe.skipIf(WITHOUT_ENGINE !== '')(`CometBFT${WITHOUT_ENGINE}`, () => {
  test('tells all that is drawn of it', async () => {
    const url = await startEngineAlone();
    const told = await until('metrics of a block', async () => {
      const text = await (await fetch(url)).text();
      return text.includes('cometbft_consensus_block_interval_seconds_count') ? text : undefined;
    });
    const names = [...told.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(drawn('cometbft')));
  });
});

/** CometBFT over its own example application; resolves with where its metrics are. */
async function startEngineAlone(): Promise<string> {
  const { path: binary } = findEngine();
  const home = mkdtempSync(join(tmpdir(), 'semblance-engine-'));
  const ports = await freePorts(3);
  const [metrics, rpc, p2p] = ports.map((port) => `127.0.0.1:${port}`) as [string, string, string];
  spawnSync(binary, ['init', '--home', home]);
  const engine = spawn(
    binary,
    [
      ...['start', '--home', home, '--proxy_app', 'kvstore'],
      ...['--rpc.laddr', `tcp://${rpc}`, '--p2p.laddr', `tcp://${p2p}`],
    ],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        CMT_INSTRUMENTATION_PROMETHEUS: 'true',
        CMT_INSTRUMENTATION_PROMETHEUS_LISTEN_ADDR: metrics,
      },
    },
  );
  onTestFinished(async () => {
    engine.kill('SIGKILL');
    await once(engine, 'exit');
    rmSync(home, { recursive: true });
  });
  return `http://${metrics}/metrics`;
}
