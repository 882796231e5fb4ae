import { create } from '@bufbuild/protobuf';
import { checkReceipt } from '@semblance/client/check-receipt';
import { buildReceipt } from '@semblance/client/receipt';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { encodeImage } from '@semblance/inference/encode';
import { type JobRequest, JobRequestSchema, Standing, Verdict } from '@semblance/proto/ml';
import type { Task } from '@semblance/proto/task';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findArtifact } from './support/artifact.ts';
import { type Committee, startCommittee } from './support/committee.ts';

/* Every mode on a real chain with real nodes, from the files in a job to its receipt. */

let committee: Committee;
beforeAll(async () => {
  committee = await startCommittee(3, undefined, 'tiny-modes');
  await Promise.all([1, 2, 3].map((index) => committee.start(index)));
});
afterAll(() => committee.remove());

const size = { width: 16, height: 16 };
const pictureOf = (at: (i: number) => number) =>
  encodeImage({ ...size, channels: 3, data: Uint8Array.from({ length: 768 }, (_, i) => at(i)) });
const image = await pictureOf((i) => (i * 7) % 256);
const mask = await pictureOf((i) => (i < 384 ? 0 : 255));

const base = {
  prompt: 'a red cat',
  seed: 7n,
  steps: 4,
  ...size,
  guidanceMilli: 4000,
  scheduler: 'ddim',
};

function taskOf(mode: Task['case'], files: readonly Uint8Array[]): Task {
  const [imageSha256, maskSha256] = files.map((file) => sha256(file));
  const fields = { base, imageSha256, maskSha256, strengthMilli: 500, conditioningScaleMilli: 900 };
  const task = { case: mode, value: { ...fields, ...size } } as unknown as JobRequest['task'];
  return create(JobRequestSchema, { task }).task as Task;
}

describe('three nodes agree on', () => {
  it.each([
    ['imageToImage', [image], 16],
    ['inpaint', [image, mask], 16],
    ['control', [image], 16],
    ['upscale', [image], 32],
  ] as const)('%s', async (mode, files, side) => {
    const inputs = [...files];
    const id = await committee.submit(3, { task: taskOf(mode, files), inputs });
    const job = await committee.settled(id);
    expect(job.members.map(({ standing }) => standing)).toEqual(Array(3).fill(Standing.MAJORITY));
    expect(job.verdict).toBe(Verdict.AGREED);

    const receipt = await buildReceipt(committee.chain, id);
    const given = new Map(inputs.map((file) => [toHex(sha256(file)), file]));
    for (const { fileSha256 } of job.members) {
      given.set(toHex(fileSha256), await findArtifact(committee.chain, job, fileSha256));
    }
    const { valid, checks } = checkReceipt(receipt, given);
    expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(valid).toBe(true);
    expect(checks.find(({ name }) => name === 'hashes')?.detail).toContain(`${side}x${side}`);

    given.set(toHex(sha256(image)), mask);
    const failed = checkReceipt(receipt, given).checks.filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ name }) => name)).toContain('inputs');
  });
});

it('a stage begins from the very file that the stage before delivered', async () => {
  const first = await committee.settled(
    await committee.submit(3, { task: taskOf('imageToImage', [image]), inputs: [image] }),
  );
  const delivered = await findArtifact(committee.chain, first, first.resultSha256);
  const second = await committee.settled(
    await committee.submit(3, { task: taskOf('upscale', [delivered]), inputs: [delivered] }),
  );
  expect(second.verdict).toBe(Verdict.AGREED);
  const { task } = second.request as JobRequest;
  expect(task.case === 'upscale' && task.value.imageSha256).toEqual(first.resultSha256);
});
