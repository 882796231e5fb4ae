import { deflateSync } from 'node:zlib';
import { fromBinary } from '@bufbuild/protobuf';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import {
  JobPhase,
  MsgRevealResponseSchema,
  NodeStatus,
  Standing,
  Verdict,
} from '@semblance/proto/ml';
import { TxMsgData } from 'cosmjs-types/cosmos/base/abci/v1beta1/abci';
import { afterEach, describe, expect, test } from 'vitest';
import type { TxResult } from '../src/application.ts';
import { brokenInvariants } from '../src/invariants.ts';
import { formatAddress } from '../src/modules/auth/address.ts';
import { MODULE_ACCOUNTS } from '../src/modules/auth/module-account.ts';
import { startChain, type TestChain } from './support/chain.ts';
import {
  commitMessage,
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  queryDuties,
  queryJob,
  queryNode,
  REQUESTER,
  request,
  STAKE,
  someCommitment,
  submitMessage,
  type Work,
  workOf,
} from './support/ml.ts';
import { otherPicture, picture, pngOf } from './support/png.ts';
import type { EncodedMessage } from './support/tx.ts';
import type { Wallet } from './support/wallet.ts';

const POOL = formatAddress({ bech32Prefix: 'sem' }, MODULE_ACCOUNTS.communityPool);
const FEE_COLLECTOR = formatAddress({ bech32Prefix: 'sem' }, MODULE_ACCOUNTS.feeCollector);
const ESCROW = formatAddress({ bech32Prefix: 'sem' }, MODULE_ACCOUNTS.escrow);

let chain: TestChain;
afterEach(() => expect(brokenInvariants(chain.store)).toEqual([]));

/** Submits a job and returns its committee as wallets, the executor first. */
function submit(committeeSize = 3): { id: Uint8Array; committee: Wallet[] } {
  const job = request({ committeeSize });
  const id = idOf(job);
  expect(chain.deliver(REQUESTER, [submitMessage(job)])).toMatchObject({ code: 0, log: '' });
  const committee = queryJob(chain.app, id).members.map(
    ({ node }) => NODES.find(({ address }) => address === node) as Wallet,
  );
  return { id, committee };
}

/** Delivers one message of each in a single block. */
function together(messages: readonly (readonly [Wallet, EncodedMessage])[]): TxResult[] {
  const { txResults } = chain.block(messages.map(([who, message]) => chain.tx(who, [message])));
  return [...txResults];
}

function allCommit(
  id: Uint8Array,
  committee: readonly Wallet[],
  files: readonly Uint8Array[],
): Work[] {
  const works = committee.map((node, i) => workOf(node, id, files[i] as Uint8Array));
  const results = together(committee.map((node, i) => [node, (works[i] as Work).commit]));
  expect(results.map(({ log }) => log)).toEqual(committee.map(() => ''));
  expect(queryJob(chain.app, id).phase).toBe(JobPhase.REVEAL);
  return works;
}

function allReveal(committee: readonly Wallet[], works: readonly Work[]): void {
  const results = together(committee.map((node, i) => [node, (works[i] as Work).reveal()]));
  expect(results.map(({ log }) => log)).toEqual(committee.map(() => ''));
}

const standings = (id: Uint8Array) => queryJob(chain.app, id).members.map((m) => m.standing);

function start(params: Record<string, string | number> = {}): void {
  // Without a tax on gas fees the pool holds nothing but penalties.
  const distribution = { params: { community_tax: '0' } };
  chain = startChain({ balances: FUNDED, ml: mlGenesis(params), distribution });
}

test("three alike: the executor delivers, the fee is split, the remainder is the executor's", () => {
  start();
  const { id, committee } = submit();
  expect(new Set(committee).size).toBe(3);
  expect(chain.balance(ESCROW)).toBe(10_000n);
  expect(queryDuties(chain.app, (committee[0] as Wallet).address)).toHaveLength(1);
  const files = [picture(0), picture(1), picture(2)];
  const works = allCommit(id, committee, files);
  const before = committee.map(({ address }) => chain.balance(address));
  allReveal(committee, works);
  const job = queryJob(chain.app, id);
  expect(job).toMatchObject({ phase: JobPhase.SETTLED, verdict: Verdict.AGREED, refund: '' });
  expect(toHex(job.resultSha256)).toBe(toHex(sha256(files[0] as Uint8Array)));
  expect(job.proposerPayout).toBe('1000');
  expect(job.members.map(({ payout }) => payout)).toEqual(['3000', '3000', '3000']);
  expect(standings(id)).toEqual([Standing.MAJORITY, Standing.MAJORITY, Standing.MAJORITY]);
  const gasFee = 10_000n;
  const after = committee.map(({ address }) => chain.balance(address));
  expect(after).toEqual(before.map((balance) => balance + 3000n - gasFee));
  expect(chain.balance(ESCROW)).toBe(0n);
  // The last block's gas fees and the job's share are split in the next one.
  expect(chain.balance(FEE_COLLECTOR)).toBe(1000n + 3n * gasFee);
  expect(queryNode(chain.app, (committee[0] as Wallet).address)).toMatchObject({
    jobsAgreed: 1n,
    openDuties: 0,
    status: NodeStatus.ACTIVE,
  });
});

test('a dissenting executor is unpaid and keeps its stake; the first of the majority delivers', () => {
  start();
  const { id, committee } = submit();
  const files = [otherPicture(), picture(0), picture(1)];
  allReveal(committee, allCommit(id, committee, files));
  const job = queryJob(chain.app, id);
  expect(job.verdict).toBe(Verdict.AGREED);
  expect(toHex(job.resultSha256)).toBe(toHex(sha256(files[1] as Uint8Array)));
  expect(standings(id)).toEqual([Standing.DISSENT, Standing.MAJORITY, Standing.MAJORITY]);
  expect(job.members.map(({ payout }) => payout)).toEqual(['', '4500', '4500']);
  const dissenter = queryNode(chain.app, (committee[0] as Wallet).address);
  expect(dissenter).toMatchObject({ jobsDissented: 1n, stake: STAKE.toString() });
});

test('no majority: fee back, nobody paid, nobody punished', () => {
  start();
  const { id, committee } = submit();
  const striped = pngOf(
    64,
    64,
    deflateSync(
      new Uint8Array(64 * 193).map((_, i) => (i % 193 === 0 ? 0 : (i % 193) % 60 < 30 ? 255 : 0)),
    ),
  );
  allReveal(committee, allCommit(id, committee, [picture(), otherPicture(), striped]));
  const job = queryJob(chain.app, id);
  expect(job).toMatchObject({ verdict: Verdict.NO_MAJORITY, refund: '10000', proposerPayout: '' });
  expect(standings(id)).toEqual([Standing.UNDECIDED, Standing.UNDECIDED, Standing.UNDECIDED]);
  expect(chain.balance(REQUESTER.address)).toBe(1_000_000_000n - 10_000n);
});

test('one of three commits: late, fee back, the others are penalised and jailed', () => {
  start();
  const { id, committee } = submit();
  const [diligent, ...idle] = committee as [Wallet, Wallet, Wallet];
  together([[diligent, workOf(diligent, id, picture()).commit]]);
  chain.block([], 60_000n);
  const job = queryJob(chain.app, id);
  expect(job).toMatchObject({ verdict: Verdict.LATE, refund: '10000' });
  expect(standings(id)).toEqual([Standing.UNDECIDED, Standing.LATE, Standing.LATE]);
  for (const { address } of idle) {
    expect(queryNode(chain.app, address)).toMatchObject({
      status: NodeStatus.JAILED,
      jobsMissed: 1n,
      openDuties: 0,
      stake: '9950000',
    });
  }
  expect(chain.balance(POOL)).toBe(100_000n);
});

test('two of three commit: the deadline opens the reveals, and the two can agree', () => {
  start();
  const { id, committee } = submit();
  const [late, ...others] = committee as [Wallet, Wallet, Wallet];
  const works = others.map((node) => workOf(node, id, picture()));
  together(others.map((node, i) => [node, (works[i] as Work).commit]));
  expect(queryJob(chain.app, id).phase).toBe(JobPhase.COMMIT);
  chain.block([], 60_000n);
  expect(queryJob(chain.app, id).phase).toBe(JobPhase.REVEAL);
  expect(queryDuties(chain.app, late.address)).toEqual([]);
  allReveal(others, works);
  expect(standings(id)).toEqual([Standing.LATE, Standing.MAJORITY, Standing.MAJORITY]);
});

test('two of three withhold: fee back, a penalty and jail for them', () => {
  start();
  const { id, committee } = submit();
  const works = allCommit(id, committee, [picture(), picture(), picture()]);
  const [honest, first] = committee as [Wallet, Wallet];
  together([[honest, (works[0] as Work).reveal()]]);
  expect(queryJob(chain.app, id).phase).toBe(JobPhase.REVEAL);
  chain.block([], 30_000n);
  expect(queryJob(chain.app, id)).toMatchObject({ verdict: Verdict.WITHHELD, refund: '10000' });
  expect(standings(id)).toEqual([Standing.UNDECIDED, Standing.WITHHELD, Standing.WITHHELD]);
  expect(queryNode(chain.app, first.address).status).toBe(NodeStatus.JAILED);
});

test('one of three withholds: the others still agree', () => {
  start();
  const { id, committee } = submit();
  const works = allCommit(id, committee, [picture(), picture(), picture()]);
  allReveal(committee.slice(1), works.slice(1));
  chain.block([], 30_000n);
  expect(queryJob(chain.app, id).verdict).toBe(Verdict.AGREED);
  expect(standings(id)).toEqual([Standing.WITHHELD, Standing.MAJORITY, Standing.MAJORITY]);
});

test("a committee of one pays the executor all that is not the producer's", () => {
  start();
  const { id, committee } = submit(1);
  allReveal(committee, allCommit(id, committee, [picture()]));
  expect(queryJob(chain.app, id).members[0]?.payout).toBe('9000');
});

test('no committee can be drawn: fee back at once', () => {
  chain = startChain({ balances: FUNDED, ml: { ...mlGenesis(), nodes: [] } });
  const { id } = submit();
  expect(queryJob(chain.app, id)).toMatchObject({ verdict: Verdict.NO_NODES, refund: '10000' });
});

describe('a reveal with a proven fault', () => {
  const bomb = () => pngOf(8192, 8192, deflateSync(new Uint8Array(1_000_000)));
  const short = () => pngOf(64, 64, deflateSync(new Uint8Array(100)));
  const faults: readonly [name: string, file: () => Uint8Array, fault: RegExp][] = [
    [
      'garbage instead of a file',
      () => new Uint8Array(500).fill(0xab),
      /^file: PNG_BAD_SIGNATURE$/,
    ],
    ['nothing instead of a file', () => new Uint8Array(), /^file: PNG_/],
    ['a file above the limit', () => new Uint8Array(30_000), /^file: too large$/],
    ['a decompression bomb', bomb, /^file: PNG_TOO_LARGE$/],
    ['too few pixels inside', short, /^file: PNG_/],
    ['an image of another size', () => picture(0, 32), /^file: not of the requested size$/],
  ];
  test.each(faults)('%s', (_, file, fault) => {
    start({ max_file_bytes: 20_000 });
    const { id, committee } = submit();
    const works = allCommit(id, committee, [file(), picture(), picture()]);
    const [cheat] = committee as [Wallet];
    const [result] = together([[cheat, (works[0] as Work).reveal()]]) as [TxResult];
    expectFault(id, cheat, result, fault);
    allReveal(committee.slice(1), works.slice(1));
    expect(standings(id)).toEqual([Standing.FAULT, Standing.MAJORITY, Standing.MAJORITY]);
  });

  const wrongs: readonly [name: string, wrong: Parameters<Work['reveal']>[0], fault: RegExp][] = [
    ['another salt', { salt: new Uint8Array(32) }, /^commitment: not opened$/],
    ['another root', { trajectoryRoot: new Uint8Array(32) }, /^commitment: not opened$/],
    ['another file', { file: otherPicture() }, /^file_path: /],
    ['another leaf', { fileLeaf: 1 }, /^file_path: /],
    ['another number of leaves', { leaves: 5 }, /^file_path: /],
    ['no path', { filePath: [] }, /^file_path: /],
  ];
  test.each(wrongs)('%s than committed to', (_, wrong, fault) => {
    start();
    const { id, committee } = submit();
    const works = allCommit(id, committee, [picture(), picture(), picture()]);
    const [cheat] = committee as [Wallet];
    const [result] = together([[cheat, (works[0] as Work).reveal(wrong)]]) as [TxResult];
    expectFault(id, cheat, result, fault);
  });

  test('all of the committee: no majority, fee back', () => {
    start();
    const { id, committee } = submit();
    const works = allCommit(id, committee, [picture(), picture(), picture()]);
    together(committee.map((node, i) => [node, (works[i] as Work).reveal({ leaves: 9 })]));
    expect(queryJob(chain.app, id)).toMatchObject({
      verdict: Verdict.NO_MAJORITY,
      refund: '10000',
    });
  });

  /** Succeeds as a transaction, says so in its response, and costs a tenth of the stake. */
  function expectFault(id: Uint8Array, cheat: Wallet, result: TxResult, fault: RegExp): void {
    expect(result).toMatchObject({ code: 0, log: '' });
    const [response] = TxMsgData.decode(result.data).msgResponses;
    const decoded = fromBinary(MsgRevealResponseSchema, response?.value as Uint8Array);
    expect(decoded.fault).toMatch(fault);
    const member = queryJob(chain.app, id).members.find(({ node }) => node === cheat.address);
    expect(member).toMatchObject({ standing: Standing.FAULT, fault: decoded.fault });
    expect(queryNode(chain.app, cheat.address)).toMatchObject({ stake: '9000000', faults: 1n });
    expect(chain.balance(POOL)).toBe(1_000_000n);
    expect(result.events.map(({ type }) => type)).toContain('fault');
  }
});

describe('equivocation', () => {
  test('a second commitment that differs is slashed, and the others go on without it', () => {
    start();
    const { id, committee } = submit();
    const [cheat, ...others] = committee as [Wallet, Wallet, Wallet];
    together([[cheat, commitMessage(cheat.address, id, someCommitment('one'))]]);
    const [result] = together([[cheat, commitMessage(cheat.address, id, someCommitment('two'))]]);
    expect(result).toMatchObject({ code: 0 });
    expect(queryNode(chain.app, cheat.address)).toMatchObject({ stake: '9000000', openDuties: 0 });
    const works = others.map((node) => workOf(node, id, picture()));
    together(others.map((node, i) => [node, (works[i] as Work).commit]));
    allReveal(others, works);
    expect(standings(id)).toEqual([Standing.FAULT, Standing.MAJORITY, Standing.MAJORITY]);
  });

  test('after a good reveal it still voids that reveal', () => {
    start();
    const { id, committee } = submit();
    const works = allCommit(id, committee, [picture(), picture(), picture()]);
    const [cheat] = committee as [Wallet];
    together([[cheat, (works[0] as Work).reveal()]]);
    together([[cheat, commitMessage(cheat.address, id, someCommitment('two'))]]);
    allReveal(committee.slice(1), works.slice(1));
    expect(standings(id)).toEqual([Standing.FAULT, Standing.MAJORITY, Standing.MAJORITY]);
  });

  test('the same commitment again is a plain error', () => {
    start();
    const { id, committee } = submit();
    const [node] = committee as [Wallet];
    const { commit } = workOf(node, id, picture());
    together([[node, commit]]);
    expect(together([[node, commit]])[0]).toMatchObject({ codespace: 'ml', code: 15 });
    expect(queryNode(chain.app, node.address).stake).toBe(STAKE.toString());
  });
});

describe('plain errors', () => {
  test('a reveal before its time, of a stranger, twice, or of an unknown job', () => {
    start();
    const { id, committee } = submit();
    const [first] = committee as [Wallet];
    const stranger = NODES.find((node) => !committee.includes(node)) as Wallet;
    const work = workOf(first, id, picture());
    const code = (who: Wallet, message: EncodedMessage) => together([[who, message]])[0]?.code;
    expect(code(first, work.reveal())).toBe(10);
    expect(code(stranger, workOf(stranger, id, picture()).commit)).toBe(9);
    expect(code(first, commitMessage(first.address, new Uint8Array(32), id))).toBe(8);
    const works = allCommit(id, committee, [picture(), picture(), picture()]);
    expect(code(stranger, workOf(stranger, id, picture()).reveal())).toBe(9);
    expect(code(stranger, workOf(stranger, id, picture()).commit)).toBe(9);
    expect(code(first, (works[0] as Work).reveal())).toBe(0);
    expect(code(first, (works[0] as Work).reveal())).toBe(15);
    allReveal(committee.slice(1), works.slice(1));
    expect(code(first, (works[0] as Work).reveal())).toBe(10);
    expect(code(first, commitMessage(first.address, id, someCommitment('two')))).toBe(10);
  });

  test('somebody else cannot commit for a node', () => {
    start();
    const { id, committee } = submit();
    const { commit } = workOf(committee[0] as Wallet, id, picture());
    const stranger = NODES.find((node) => !committee.includes(node)) as Wallet;
    const result = chain.deliver(stranger, [commit]);
    expect(result).toMatchObject({ codespace: 'sdk', code: 8 });
  });
});
