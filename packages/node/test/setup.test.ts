import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { ModelFileError } from '@semblance/inference/errors';
import { writeManifest } from '@semblance/inference/write-manifest';
import { Standing, Verdict } from '@semblance/proto/ml';
import { afterEach, describe, expect, it } from 'vitest';
import { NodeSetupError } from '../src/errors.ts';
import { type Committee, startCommittee } from './support/committee.ts';

let committee: Committee;
afterEach(() => committee.remove());

const UNET = 'unet/model.onnx';

describe('a node', () => {
  it('refuses a truncated weights file by its name, and a model that is not the chain’s', async () => {
    committee = await startCommittee(1);
    const directory = join(committee.modelsDir, committee.model);
    const { length } = await readFile(join(directory, UNET));
    await truncate(join(directory, UNET), length - 1);
    const truncated = await committee.start(1).catch((error: unknown) => error);
    expect(truncated).toBeInstanceOf(ModelFileError);
    expect((truncated as Error).message).toContain(UNET);

    await writeManifest(directory);
    const mismatched = await committee.start(1).catch((error: unknown) => error);
    expect(mismatched).toBeInstanceOf(NodeSetupError);
    expect(mismatched).toMatchObject({ code: 'MODEL_MISMATCH' });
    expect(await committee.chain.query.nodes()).toHaveLength(0);
  });

  it('refuses a model that the chain does not know, too small a stake, an unknown conduct', async () => {
    committee = await startCommittee(1);
    await expect(committee.start(1, { models: ['other'] })).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
    });
    await expect(committee.start(1, { stake: 1n })).rejects.toMatchObject({
      code: 'STAKE_TOO_SMALL',
    });
    await expect(committee.start(1, { adversary: 'toString' })).rejects.toBeInstanceOf(
      InvalidInputError,
    );
  });

  it('is alone in its home', async () => {
    committee = await startCommittee(1);
    await committee.start(1);
    await expect(committee.start(1)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
  });

  it('commits to nothing when the model puts out NaN', async () => {
    committee = await startCommittee(1, async (directory) => {
      const weights = await readFile(join(directory, UNET));
      // Every float of all ones is NaN, wherever it begins.
      const middle = Math.floor(weights.length / 2);
      weights.fill(0xff, middle, middle + 16);
      await writeFile(join(directory, UNET), weights);
      await writeManifest(directory);
    });
    await committee.start(1);
    const job = await committee.settled(await committee.submit(1, { deadlineMs: 2_000n }));
    expect(job.verdict).toBe(Verdict.LATE);
    expect(job.members[0]?.standing).toBe(Standing.LATE);
    const failures = committee.logs.filter((line) => line.includes('run_failed'));
    expect(failures.length).toBeGreaterThan(0);
    expect(failures[0]).toMatch(/finite/);
  });
});
