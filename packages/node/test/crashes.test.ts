import { type Job, Standing, Verdict } from '@semblance/proto/ml';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Committee, startCommittee } from './support/committee.ts';
import { type NodeProcess, spawnNode } from './support/node-process.ts';

let committee: Committee;
let first: NodeProcess | undefined;
let firstAddress: string;

beforeAll(async () => {
  committee = await startCommittee(3);
  // Registered once, so that all are drawn also while they are down.
  for (const index of [1, 2, 3]) {
    const node = await committee.start(index);
    if (index === 1) firstAddress = node.address;
    await node.stop();
  }
});
afterEach(() => first?.kill());
afterAll(() => committee.remove());

const memberOf = (job: Job) => job.members.find(({ node }) => node === firstAddress);
const standings = (job: Job) => job.members.map(({ standing }) => standing);
const ALL_AGREE = Array(3).fill(Standing.MAJORITY);

describe('a committee goes on when', () => {
  it('a node is killed between its commitment and its reveal', async () => {
    first = await spawnNode(committee, 1);
    const second = await committee.start(2);
    const id = await committee.submit(3);
    const held = await committee.jobWhen(id, (job) => memberOf(job)?.commitment.length === 32);
    await first.kill();
    first = await spawnNode(committee, 1);
    const third = await committee.start(3);
    const job = await committee.settled(id);
    expect(standings(job)).toEqual(ALL_AGREE);
    expect(memberOf(job)?.commitment).toEqual(memberOf(held)?.commitment);
    await Promise.all([second.stop(), third.stop()]);
  });

  it('a node is killed at any instant, again and again', async () => {
    const others = await Promise.all([2, 3].map((index) => committee.start(index)));
    first = await spawnNode(committee, 1);
    for (const delayMs of [5, 60, 120, 250, 400]) {
      const id = await committee.submit(3);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await first.kill();
      first = await spawnNode(committee, 1);
      const job = await committee.settled(id);
      expect(job.verdict).toBe(Verdict.AGREED);
      expect(standings(job)).toEqual(ALL_AGREE);
    }
    await Promise.all(others.map((node) => node.stop()));
  });

  it('the chain restarts in the middle of a job', async () => {
    const nodes = await Promise.all([1, 2, 3].map((index) => committee.start(index)));
    for (const delayMs of [0, 100, 300]) {
      const id = await committee.submit(3);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await committee.network.stop();
      await committee.network.start();
      expect(standings(await committee.settled(id))).toEqual(ALL_AGREE);
    }
    await Promise.all(nodes.map((node) => node.stop()));
  });
});
