import { fromBinary } from '@bufbuild/protobuf';
import { fromBase64 } from '@cosmjs/encoding';
import { fromBech32 } from '@semblance/core/bech32';
import { equals, fromHex, toHex } from '@semblance/core/bytes';
import { verifyMerklePath } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import { type JobRequest, JobRequestSchema } from '@semblance/proto/ml';
import { inputSizeOf, inputsOf, resultSizeOf, type Task } from '@semblance/proto/task';
import { commitment, jobId } from '@semblance/verification/commitment';
import { MAX_COMMITTEE, majority } from '@semblance/verification/likeness';
import { decodePng } from '@semblance/verification/png';
import { fileLeafData } from '@semblance/verification/trajectory';
import { encodeJobRequest } from './job.ts';
import { RECEIPT_FORMAT, type Receipt, type ReceiptMember } from './receipt.ts';

/** One thing that was looked at. `skipped` says that its evidence was not given. */
export interface ReceiptCheck {
  /** Stable name, e.g. `job-id` or `commitment`. */
  readonly name: string;
  /** The node it is about, when it is about one. */
  readonly node?: string;
  readonly outcome: 'pass' | 'fail' | 'skipped';
  readonly detail: string;
}

export interface ReceiptVerdict {
  /** No check failed. */
  readonly valid: boolean;
  readonly checks: readonly ReceiptCheck[];
}

const MAX_REQUEST_CHARACTERS = 200_000;
const MAX_PATH = 52;
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_PIXELS = 4096 * 4096;

/**
 * Rechecks a receipt from what it holds, in Node and in browsers. Hostile input gives a verdict
 * with failed checks; nothing is thrown.
 *
 * What is proved: that the job id belongs to the request, and with their bytes that the input files
 * do; that every revealing member's commitment
 * opens to its trajectory root and so was fixed before the reveal; that its file is under that
 * root; with the file's bytes, that the hashes are those of the picture and the picture has the
 * requested size; that the committee's majority, the delivered result and the payouts follow from
 * the hashes by the rules of the chain.
 *
 * What is not proved: that the chain holds any of this. The header and the transaction hashes are
 * what one RPC server said; signatures of validators, inclusion and state proofs are not checked,
 * nor that the committee was drawn honestly, nor that the model was run.
 *
 * @param receipt parsed JSON of unknown origin
 * @param files bytes by lower-case hex SHA-256; checks without their file are skipped
 */
export function checkReceipt(
  receipt: unknown,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): ReceiptVerdict {
  const checks: ReceiptCheck[] = [];
  const check: Check = (name, test, node) => {
    checks.push({ name, ...(node === undefined ? {} : { node }), ...outcomeOf(test) });
  };
  check('format', () => assertShape(receipt));
  if (checks.every(({ outcome }) => outcome === 'pass')) {
    checkShaped(receipt as Receipt, files, check);
  }
  return { valid: checks.every(({ outcome }) => outcome !== 'fail'), checks };
}

type Check = (name: string, test: () => string | Skipped, node?: string) => void;

/** Why a check could not be made. */
class Skipped {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

function outcomeOf(test: () => string | Skipped): Pick<ReceiptCheck, 'outcome' | 'detail'> {
  try {
    const told = test();
    if (told instanceof Skipped) return { outcome: 'skipped', detail: told.reason };
    return { outcome: 'pass', detail: told };
  } catch (error) {
    return { outcome: 'fail', detail: error instanceof Error ? error.message : String(error) };
  }
}

function checkShaped(receipt: Receipt, files: ReadonlyMap<string, Uint8Array>, check: Check): void {
  const { job, profile } = receipt;
  let request: JobRequest | undefined;
  check('job-id', () => {
    const bytes = fromBase64(job.request);
    request = fromBinary(JobRequestSchema, bytes);
    expect(equals(encodeJobRequest(request), bytes), 'the request is not in its one encoding');
    expect(toHex(jobId(bytes)) === job.id, 'the id is not the hash of the request');
    return 'the id is the hash of the request';
  });
  check('settlement', () => {
    const { header } = receipt.settlement;
    expect(header.chain_id === receipt.chainId, 'the header is of another chain');
    expect(header.height === job.settledHeight, 'the header is of another block');
    return `block ${header.height} of ${header.chain_id}, as one server told it`;
  });
  if (!request) return;
  const { task } = request;
  check('inputs', () => (task.case === undefined ? 'no task' : checkInputs(task, files)));
  const size = task.case === undefined ? undefined : resultSizeOf(task);
  for (const member of job.committee) {
    check('commitment', () => checkCommitment(job.id, member), member.node);
    check('file-leaf', () => checkFileLeaf(member), member.node);
    check('hashes', () => checkFile(member, files, size), member.node);
  }
  const agreed = checkAgreement(receipt, check);
  check('payouts', () => checkPayouts(receipt, request as JobRequest, agreed));
  check('model', () => {
    expect(request?.model === profile.model, 'the profile is of another model');
    return `compared by ${profile.hash} within ${profile.thresholdBits} bits`;
  });
}

/** The files that the task begins from are those that the request, and so the job's id, names. */
function checkInputs(task: Task, files: ReadonlyMap<string, Uint8Array>): string | Skipped {
  const named = inputsOf(task);
  if (named.length === 0) return 'the task begins from words alone';
  const { width, height } = inputSizeOf(task);
  for (const { name, sha256: hash } of named) {
    const file = files.get(toHex(hash));
    if (file === undefined) return new Skipped(`the file of ${name} was not given`);
    expect(equals(sha256(file), hash), `the bytes given for ${name} are another file`);
    const picture = decodePng(file, { maxPixels: MAX_PIXELS, maxFileBytes: MAX_FILE_BYTES });
    const isSize = picture.width === width && picture.height === height;
    expect(isSize, `${name} has ${picture.width}x${picture.height} pixels`);
  }
  return `${named.map(({ name }) => name).join(' and ')} of ${width}x${height} pixels, as signed for`;
}

function checkCommitment(
  id: string,
  { node, opening, ...member }: ReceiptMember,
): string | Skipped {
  if (opening === null || member.commitment === null) return new Skipped('nothing was revealed');
  if (member.standing === 'fault') return new Skipped(`proven fault: ${member.fault}`);
  const made = commitment({
    jobId: fromHex(id),
    node: addressBytes(node),
    root: fromHex(opening.root),
    salt: fromHex(opening.salt),
  });
  expect(toHex(made) === member.commitment, 'root and salt do not open the commitment');
  return 'root and salt open the commitment';
}

function checkFileLeaf({ opening, result, ...member }: ReceiptMember): string | Skipped {
  if (opening === null) return new Skipped('nothing was revealed');
  if (member.standing === 'fault') return new Skipped(`proven fault: ${member.fault}`);
  if (result === null) throw new Error('a reveal that stands has no result');
  const leaf = fileLeafData(fromHex(result.sha256));
  const path = opening.filePath.map((hash) => fromHex(hash));
  const { fileLeaf, leaves } = opening;
  expect(
    verifyMerklePath(fromHex(opening.root), leaf, fileLeaf, leaves, path),
    'the file is not under the committed root',
  );
  return `leaf ${fileLeaf} of ${leaves} under the committed root`;
}

function checkFile(
  { result }: ReceiptMember,
  files: ReadonlyMap<string, Uint8Array>,
  size: { readonly width: number; readonly height: number } | undefined,
): string | Skipped {
  if (result === null) return new Skipped('no result');
  const file = files.get(result.sha256);
  if (file === undefined) return new Skipped('the file was not given');
  expect(file.length === result.bytes, `the file has ${file.length} bytes, not ${result.bytes}`);
  expect(file.length <= MAX_FILE_BYTES, `the file has above ${MAX_FILE_BYTES} bytes`);
  expect(toHex(sha256(file)) === result.sha256, 'the bytes given are another file');
  const image = decodePng(file, { maxPixels: MAX_PIXELS, maxFileBytes: MAX_FILE_BYTES });
  expect(
    size !== undefined && image.width === size.width && image.height === size.height,
    `${image.width}x${image.height} pixels are not what was asked for`,
  );
  const hashes = hashImage(image);
  for (const name of ['average', 'perceptual', 'difference', 'color'] as const) {
    expect(toHex(hashes[name]) === result.hashes[name], `the ${name} hash is of another picture`);
  }
  return `${image.width}x${image.height} pixels, four hashes recomputed`;
}

/** Indices of the majority by the rule of the chain, checking what the receipt says about it. */
function checkAgreement({ job, profile }: Receipt, check: Check): number[] | undefined {
  const { committee } = job;
  let agreed: number[] | undefined;
  check('verdict', () => {
    const name = profile.hash as keyof NonNullable<ReceiptMember['result']>['hashes'];
    const hashes = committee.map(({ result, opening }) =>
      result && opening ? fromHex(result.hashes[name]) : undefined,
    );
    const alike = majority(hashes, profile.thresholdBits);
    expect(
      (alike !== undefined) === (job.verdict === 'agreed'),
      `not "${job.verdict}" by the rule`,
    );
    agreed = alike;
    return alike ? `${alike.length} of ${committee.length} are alike` : 'no majority is alike';
  });
  check('standings', () => {
    for (const [index, { standing, node }] of committee.entries()) {
      const inMajority = agreed?.includes(index) ?? false;
      expect((standing === 'majority') === inMajority, `${node} is not "${standing}" by the rule`);
    }
    return 'follow from the verdict';
  });
  check('result', () => {
    // Ascending, so the executor (index 0) comes first when it is in the majority.
    const deliverer = agreed === undefined ? undefined : committee[agreed[0] as number];
    const expected = deliverer?.result?.sha256 ?? null;
    expect(job.result === expected, 'the delivered file is not the one the rule picks');
    return expected === null ? 'nothing was delivered' : `file ${expected}`;
  });
  return agreed;
}

function checkPayouts(
  { job, profile }: Receipt,
  request: JobRequest,
  agreed: number[] | undefined,
): string {
  const fee = amount(request.fee);
  const producer = agreed ? (fee * BigInt(profile.producerShareBp)) / 10_000n : 0n;
  const rest = agreed ? fee - producer : 0n;
  const share = agreed ? rest / BigInt(agreed.length) : 0n;
  const remainder = rest - share * BigInt(agreed?.length ?? 0);
  expect(amount(job.producerPayout) === producer, `the producer should get ${producer}`);
  expect(amount(job.refund) === (agreed ? 0n : fee), `the refund should be ${agreed ? 0n : fee}`);
  for (const [index, { node, payout }] of job.committee.entries()) {
    const base = agreed?.includes(index) ? share : 0n;
    const due = agreed?.[0] === index ? base + remainder : base;
    expect(amount(payout) === due, `${node} should get ${due}`);
  }
  return `${fee} split as the rule says`;
}

function addressBytes(address: string): Uint8Array {
  return fromBech32(address.slice(0, address.lastIndexOf('1')), address, 'node');
}

function amount(text: string): bigint {
  expect(/^\d{1,40}$/.test(text), 'an amount is not a decimal number');
  return BigInt(text);
}

function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** Types and bounds of every field that is read later. */
function assertShape(receipt: unknown): string {
  const whole = record(receipt, 'receipt');
  expect(whole.format === RECEIPT_FORMAT, `not a ${RECEIPT_FORMAT}`);
  string(whole.chainId, 'chainId', 100);
  const job = record(whole.job, 'job');
  hex(job.id, 'job.id');
  string(job.request, 'job.request', MAX_REQUEST_CHARACTERS);
  for (const field of ['settledHeight', 'verdict', 'producerPayout', 'refund']) {
    string(job[field], `job.${field}`, 100);
  }
  if (job.result !== null) hex(job.result, 'job.result');
  const profile = record(whole.profile, 'profile');
  string(profile.model, 'profile.model', 200);
  expect(
    ['average', 'perceptual', 'difference', 'color'].includes(profile.hash as string),
    'profile.hash is unknown',
  );
  count(profile.thresholdBits, 'profile.thresholdBits', 64);
  count(profile.producerShareBp, 'profile.producerShareBp', 10_000);
  const header = record(record(whole.settlement, 'settlement').header, 'settlement.header');
  string(header.chain_id, 'settlement.header.chain_id', 100);
  string(header.height, 'settlement.header.height', 100);
  const committee = array(job.committee, 'job.committee', MAX_COMMITTEE);
  for (const [index, member] of committee.entries()) {
    assertMember(record(member, `job.committee[${index}]`), `job.committee[${index}]`);
  }
  return RECEIPT_FORMAT;
}

function assertMember(member: Record<string, unknown>, field: string): void {
  for (const name of ['node', 'standing', 'fault', 'payout']) {
    string(member[name], `${field}.${name}`, 1_000);
  }
  if (member.commitment !== null) hex(member.commitment, `${field}.commitment`);
  if (member.result !== null) {
    const result = record(member.result, `${field}.result`);
    hex(result.sha256, `${field}.result.sha256`);
    count(result.bytes, `${field}.result.bytes`, MAX_FILE_BYTES);
    const hashes = record(result.hashes, `${field}.result.hashes`);
    for (const name of ['average', 'perceptual', 'difference']) {
      hex(hashes[name], `${field}.result.hashes.${name}`, 8);
    }
    hex(hashes.color, `${field}.result.hashes.color`, 6);
  }
  if (member.opening === null) return;
  const opening = record(member.opening, `${field}.opening`);
  hex(opening.root, `${field}.opening.root`);
  hex(opening.salt, `${field}.opening.salt`);
  count(opening.fileLeaf, `${field}.opening.fileLeaf`, 2 ** 32);
  count(opening.leaves, `${field}.opening.leaves`, 2 ** 32);
  const path = array(opening.filePath, `${field}.opening.filePath`, MAX_PATH);
  for (const hash of path) hex(hash, `${field}.opening.filePath`);
}

function record(value: unknown, field: string): Record<string, unknown> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isRecord) throw new Error(`${field} is no object`);
  return value as Record<string, unknown>;
}

function array(value: unknown, field: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) {
    throw new Error(`${field} is no list of at most ${most}`);
  }
  return value;
}

function string(value: unknown, field: string, most: number): void {
  expect(typeof value === 'string' && value.length <= most, `${field} is no short text`);
}

function hex(value: unknown, field: string, bytes = 32): void {
  const isHex =
    typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value);
  expect(isHex, `${field} is not ${bytes} bytes of hex`);
}

function count(value: unknown, field: string, most: number): void {
  const isCount =
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
  expect(isCount, `${field} is no count up to ${most}`);
}
