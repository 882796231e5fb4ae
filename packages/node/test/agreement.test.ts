import { checkReceipt } from '@semblance/client/check-receipt';
import { buildReceipt } from '@semblance/client/receipt';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { Standing, Verdict } from '@semblance/proto/ml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeHandle } from '../src/node.ts';
import { type Committee, STAKE, startCommittee } from './support/committee.ts';

let committee: Committee;
let nodes: NodeHandle[];

beforeAll(async () => {
  committee = await startCommittee(3);
  nodes = await Promise.all([1, 2, 3].map((index) => committee.start(index)));
});
afterAll(() => committee.remove());

const endpointOf = (address: string): string =>
  nodes.find((node) => node.address === address)?.endpoint ?? '';

const fetchArtifact = async (address: string, hash: string): Promise<Uint8Array> => {
  const response = await fetch(`${endpointOf(address)}/artifacts/${hash}`);
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
};

describe('three honest nodes', () => {
  it('are registered with what they serve', async () => {
    const registered = await committee.chain.query.nodes();
    expect(registered).toHaveLength(3);
    for (const node of registered) {
      expect(node).toMatchObject({ models: [committee.model], stake: STAKE.toString() });
      expect(node.endpoint).toBe(endpointOf(node.address));
    }
  });

  it('agree on a picture, and the receipt holds against every file', async () => {
    const id = await committee.submit(3);
    const job = await committee.settled(id);
    expect(job.verdict).toBe(Verdict.AGREED);
    expect(job.members.map(({ standing }) => standing)).toEqual(Array(3).fill(Standing.MAJORITY));

    const files = new Map<string, Uint8Array>();
    for (const { node, fileSha256 } of job.members) {
      const hash = toHex(fileSha256);
      const file = await fetchArtifact(node, hash);
      expect(toHex(sha256(file))).toBe(hash);
      files.set(hash, file);
    }
    const receipt = JSON.parse(JSON.stringify(await buildReceipt(committee.chain, id)));
    const verdict = checkReceipt(receipt, files);
    expect(verdict.checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(verdict.valid).toBe(true);
    expect(receipt.transactions.submit).toMatch(/^[0-9A-F]{64}$/);
    expect(Object.keys(receipt.transactions.commits)).toHaveLength(3);
  });

  it('serve the latents behind a reveal, and metrics', async () => {
    const id = await committee.submit(3);
    const job = await committee.settled(id);
    const { node } = job.members[0] ?? { node: '' };
    const response = await fetch(`${endpointOf(node)}/trajectories/${toHex(id)}`);
    const trajectory = (await response.json()) as {
      artifacts: { kind: string; sha256: string; bytes: number }[];
    };
    expect(trajectory.artifacts.map(({ kind }) => kind)).toEqual([
      ...Array(5).fill('latent'),
      'pixels',
      'file',
    ]);
    const [latent] = trajectory.artifacts;
    const bytes = await fetchArtifact(node, latent?.sha256 ?? '');
    expect(bytes.length).toBe(latent?.bytes);
    const metrics = async () => (await fetch(`${endpointOf(node)}/metrics`)).text();
    await expect
      .poll(metrics, { timeout: 10_000 })
      .toMatch(/semblance_node_jobs_total\{outcome="majority"\} 2/);
    expect(await metrics()).toContain('semblance_node_inference_seconds_count');
  });

  it('settle eight jobs sent at once', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => committee.submit(3)));
    for (const id of ids) expect((await committee.settled(id)).verdict).toBe(Verdict.AGREED);
  });
});
