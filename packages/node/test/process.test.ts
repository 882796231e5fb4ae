import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Committee, startCommittee } from './support/committee.ts';
import { type NodeProcess, spawnNode } from './support/node-process.ts';

let committee: Committee;
beforeAll(async () => {
  committee = await startCommittee(2);
});
afterAll(() => committee.remove());

const exitCode = async ({ child }: NodeProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

describe('the process of a node', () => {
  it('logs lines of JSON without secrets and stops cleanly in the middle of a job', async () => {
    const node = await spawnNode(committee, 1);
    await expect.poll(() => node.output.join(''), { timeout: 20_000 }).toContain('"started"');
    const id = await committee.submit(1);
    await committee.jobWhen(id, ({ members }) => members.length === 1);
    node.child.kill('SIGTERM');
    expect(await exitCode(node)).toBe(0);
    const lines = node.output.join('').trim().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events[0]).toBe('registered');
    expect(events).toContain('stopping');
    const { key } = committee.options(1);
    expect(lines.join('')).not.toContain(key.mnemonic());
    expect(lines.join('')).not.toContain('a red cat');
  });

  it('waits for a chain that is not there yet', async () => {
    await committee.network.stop();
    const node = await spawnNode(committee, 2);
    const output = () => node.output.join('');
    await expect.poll(output, { timeout: 20_000 }).toContain('chain_unreachable');
    await committee.network.start();
    await expect.poll(output, { timeout: 20_000 }).toContain('"started"');
    node.child.kill('SIGTERM');
    expect(await exitCode(node)).toBe(0);
  });

  it('exits with 2 and names the weights file that is broken', async () => {
    await truncate(join(committee.modelsDir, committee.model, 'vae_decoder/model.onnx'), 100);
    const node = await spawnNode(committee, 2);
    expect(await exitCode(node)).toBe(2);
    expect(node.output.join('')).toMatch(/"failed","code":"MODEL_FILE".*vae_decoder\/model\.onnx/);
  });
});
