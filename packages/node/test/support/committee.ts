import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Chain, connect } from '@semblance/client/chain';
import { jobIdOf, jobRequest, randomNonce } from '@semblance/client/job';
import { submitJob } from '@semblance/client/messages';
import { readManifest } from '@semblance/inference/manifest';
import { modesOf } from '@semblance/inference/modes';
import { PROFILES, type RuntimeProfile } from '@semblance/inference/profiles';
import { type Job, JobPhase } from '@semblance/proto/ml';
import { MODES, type Task } from '@semblance/proto/task';
import {
  keyAt,
  PREFIX,
  startNetwork,
  type TestNetwork,
} from '../../../client/test/support/solo.ts';
import type { Log } from '../../src/log.ts';
import { type NodeHandle, type NodeOptions, startNode } from '../../src/node.ts';

/** A model that makes pictures from words alone, and one that has every network. */
type Fixture = 'tiny' | 'tiny-modes';
export const STAKE = 10_000_000n;

/** A chain with a tiny model, homes for nodes, and a requester: key 0. Nodes have keys 1 and up. */
export interface Committee {
  readonly network: TestNetwork;
  readonly chain: Chain;
  readonly home: string;
  readonly modelsDir: string;
  readonly model: string;
  readonly logs: string[];
  options(index: number, overrides?: Partial<NodeOptions>): NodeOptions;
  start(index: number, overrides?: Partial<NodeOptions>): Promise<NodeHandle>;
  /** Submits a job; returns its id. */
  submit(
    committeeSize: number,
    overrides?: { deadlineMs?: bigint; task?: Task; inputs?: Uint8Array[] },
  ): Promise<Uint8Array>;
  /** Waits until a job satisfies a condition. */
  jobWhen(id: Uint8Array, holds: (job: Job) => boolean, timeoutMs?: number): Promise<Job>;
  settled(id: Uint8Array, timeoutMs?: number): Promise<Job>;
  remove(): Promise<void>;
}

/** @param prepareModel changes the model's folder before its root is registered on chain */
export async function startCommittee(
  nodes: number,
  prepareModel: (directory: string) => Promise<unknown> = async () => {},
  fixture: Fixture = 'tiny',
): Promise<Committee> {
  const home = await mkdtemp(join(tmpdir(), 'semblance-nodes-'));
  const modelsDir = join(home, 'models');
  const source = fileURLToPath(
    new URL(`../../../inference/test/fixtures/${fixture}`, import.meta.url),
  );
  const directory = join(modelsDir, (await readManifest(source)).id);
  await cp(source, directory, { recursive: true });
  await prepareModel(directory);
  const manifest = await readManifest(directory);
  const network = await startNetwork(nodes + 1, (owner) => ({
    params: { reveal_window_ms: '4000', min_deadline_ms: '100', jail_ms: '1000' },
    models: [
      {
        id: manifest.id,
        owner,
        weights_root: Buffer.from(manifest.weightsRoot, 'hex').toString('base64'),
        profile: {
          hash: 'average',
          threshold_bits: 6,
          committee_sizes: [...manifest.profile.committeeSizes],
        },
        limits: {
          size_multiple: manifest.limits.sizeMultiple,
          min_size: manifest.limits.minSize,
          max_size: manifest.limits.maxSize,
          max_steps: manifest.limits.maxSteps,
          schedulers: [...manifest.limits.schedulers],
          modes: modesOf(manifest).map((mode) => MODES[mode]),
        },
        min_fee: '1000',
      },
    ],
  })).catch(async (error: unknown) => {
    await rm(home, { recursive: true });
    throw error;
  });
  const chain = await connect(network.rpcUrl);
  const running = new Set<NodeHandle>();
  const logs: string[] = [];
  const logOf =
    (index: number): Log =>
    (level, event, fields) =>
      logs.push(`${index} ${level} ${event} ${JSON.stringify(fields ?? {})}`);

  const options: Committee['options'] = (index, overrides = {}) => ({
    home: join(home, `node-${index}`),
    rpcUrl: network.rpcUrl,
    key: keyAt(network, index),
    prefix: PREFIX,
    modelsDir,
    profile: PROFILES[(index - 1) % PROFILES.length] as RuntimeProfile,
    host: '127.0.0.1',
    port: 0,
    stake: STAKE,
    unjail: false,
    topUp: false,
    diskQuotaBytes: 64 * 1024 * 1024,
    idleUnloadMs: 60_000,
    log: logOf(index),
    ...overrides,
  });

  const jobWhen: Committee['jobWhen'] = async (id, holds, timeoutMs = 30_000) => {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      // The chain may be down for a moment in some tests.
      const job = await chain.query.job(id).catch(() => undefined);
      if (job && holds(job)) return job;
      if (Date.now() > deadline) {
        throw new Error(`the job did not get there:\n${logs.slice(-40).join('\n')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  return {
    network,
    chain,
    home,
    modelsDir,
    model: manifest.id,
    logs,
    options,
    start: async (index, overrides) => {
      const node = await startNode(options(index, overrides));
      running.add(node);
      return node;
    },
    submit: async (committeeSize, { deadlineMs = 20_000n, task, inputs = [] } = {}) => {
      const signer = keyAt(network, 0).signer(PREFIX);
      const request = jobRequest({
        requester: signer.address,
        nonce: randomNonce(),
        model: manifest.id,
        committeeSize,
        fee: '100000',
        deadlineMs,
        task: task ?? {
          case: 'textToImage',
          value: {
            prompt: 'a red cat',
            seed: 7n,
            steps: 4,
            width: 32,
            height: 32,
            guidanceMilli: 4000,
            scheduler: 'ddim',
          },
        },
      });
      await chain.broadcast(signer, [submitJob({ request, inputs })]);
      return jobIdOf(request);
    },
    jobWhen,
    settled: (id, timeoutMs) => jobWhen(id, ({ phase }) => phase === JobPhase.SETTLED, timeoutMs),
    remove: async () => {
      await Promise.all([...running].map((node) => node.stop()));
      chain.close();
      await network.remove();
      await rm(home, { recursive: true, force: true });
    },
  };
}
