import { checkReceipt } from '@semblance/client/check-receipt';
import { buildReceipt } from '@semblance/client/receipt';
import { type Job, type Member, NodeStatus, Standing, Verdict } from '@semblance/proto/ml';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NodeHandle } from '../src/node.ts';
import { type Committee, startCommittee } from './support/committee.ts';

/* Two honest nodes and one that cheats, drawn together every time: three are asked for. */

let committee: Committee;
let cheat: NodeHandle | undefined;

beforeAll(async () => {
  committee = await startCommittee(4);
  await Promise.all([1, 2].map((index) => committee.start(index)));
});
afterEach(() => cheat?.stop());
afterAll(() => committee.remove());

async function outcomeOf(
  adversary: string,
  index = 3,
  deadlineMs?: bigint,
): Promise<{ job: Job; member: Member; lost: bigint; status: NodeStatus }> {
  const node = await committee.start(index, { adversary });
  cheat = node;
  const before = await committee.chain.query.node(node.address);
  const id = await committee.submit(3, deadlineMs === undefined ? {} : { deadlineMs });
  const job = await committee.settled(id);
  const member = job.members.find((each) => each.node === node.address);
  const after = await committee.chain.query.node(node.address);
  if (!member || !before || !after) throw new Error('the cheat was not drawn');
  expect(job.verdict).toBe(Verdict.AGREED);
  const honest = job.members.filter((each) => each !== member);
  expect(honest.map(({ standing }) => standing)).toEqual([Standing.MAJORITY, Standing.MAJORITY]);
  expect(member.payout === '' || member.payout === '0').toBe(true);
  const receipt = await buildReceipt(committee.chain, id);
  expect(checkReceipt(receipt).checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  const lost = BigInt(before.stake) - BigInt(after.stake);
  return { job, member, lost, status: after.status };
}

describe('a node that', () => {
  it('answers with another seed is outvoted, unpaid and not slashed', async () => {
    const { member, lost } = await outcomeOf('cached-other-seed');
    expect(member.standing).toBe(Standing.DISSENT);
    expect(lost).toBe(0n);
  });

  it('answers with noise is outvoted', async () => {
    const { member, lost } = await outcomeOf('random-output');
    expect(member.standing).toBe(Standing.DISSENT);
    expect(lost).toBe(0n);
  });

  it('delivers a file that is no picture is slashed', async () => {
    const { member, lost } = await outcomeOf('garbage-file');
    expect(member.standing).toBe(Standing.FAULT);
    expect(member.fault).not.toBe('');
    expect(lost).toBe(1_000_000n);
  });

  it('commits twice is slashed', async () => {
    const { member, lost } = await outcomeOf('equivocate');
    expect(member).toMatchObject({ standing: Standing.FAULT, fault: 'equivocation' });
    expect(lost).toBe(900_000n);
  });

  it('commits late pays a penalty and is jailed', async () => {
    const { member, lost, status } = await outcomeOf('late-commit', 3, 2_500n);
    expect(member.standing).toBe(Standing.LATE);
    expect(lost).toBe(40_500n);
    expect(status).toBe(NodeStatus.JAILED);
  });

  it('withholds its reveal pays a penalty and is jailed', async () => {
    const { member, lost, status } = await outcomeOf('withhold-reveal', 4);
    expect(member.standing).toBe(Standing.WITHHELD);
    expect(lost).toBe(50_000n);
    expect(status).toBe(NodeStatus.JAILED);
  });

  it('was jailed is let out when its time is over and earns again', async () => {
    cheat = await committee.start(3, { unjail: true });
    const { address } = cheat;
    await expect
      .poll(async () => (await committee.chain.query.node(address))?.status, { timeout: 15_000 })
      .toBe(NodeStatus.ACTIVE);
    const job = await committee.settled(await committee.submit(3));
    expect(job.members.map(({ standing }) => standing)).toEqual(Array(3).fill(Standing.MAJORITY));
  });
});
