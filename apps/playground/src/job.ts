import {
  amount,
  count,
  type Decode,
  type Fields,
  fields,
  hex,
  list,
  nullable,
  oneOf,
  real,
  text,
} from './decode.ts';
import { type VoteHash, voteHash } from './model.ts';

const STATUSES = ['queued', 'submitted', 'running', 'revealing', 'settled', 'failed'] as const;
const VERDICTS = ['agreed', 'no_majority', 'late', 'withheld', 'no_nodes'] as const;
const STATES = ['drawn', 'running', 'committed', 'revealed', 'late', 'withheld', 'fault'] as const;
const STANDINGS = ['majority', 'dissent', 'late', 'withheld', 'fault', 'undecided'] as const;
const STAGES = ['text', 'step', 'decode', 'committed', 'revealed', 'failed'] as const;

const MODES = ['text_to_image', 'image_to_image', 'inpaint', 'control', 'upscale'] as const;

type JobStatus = (typeof STATUSES)[number];
export type Verdict = (typeof VERDICTS)[number];
type MemberState = (typeof STATES)[number];
export type Standing = (typeof STANDINGS)[number];
type Stage = (typeof STAGES)[number];

/** The hashes of 64 bits, which can be drawn as a grid of 8 by 8. */
export type GridHash = 'average' | 'perceptual' | 'difference';

type Hashes = Readonly<Record<GridHash, string>>;

export interface Progress {
  readonly stage: Stage;
  readonly step: number;
  readonly steps: number;
}

export interface Member {
  readonly node: string;
  readonly role: 'executor' | 'verifier';
  readonly runtime: string;
  readonly state: MemberState;
  readonly progress: Progress | null;
  /** SHA-256 of the revealed file: the only thing its address is made of. */
  readonly sha256: string | null;
  readonly bytes: number | null;
  readonly hashes: Hashes | null;
  /** Bits between this result and the delivered one, by the model's hash. */
  readonly distance: number | null;
  readonly standing: Standing | null;
  readonly fault: string | null;
  readonly payout: bigint | null;
}

export type Mode = (typeof MODES)[number];

/** A file that a job begins from. */
export interface JobInput {
  readonly name: 'image' | 'mask';
  readonly sha256: string;
}

export interface JobRequest {
  readonly model: string;
  readonly mode: Mode;
  readonly inputs: readonly JobInput[];
  /** Share of the steps that is walked, where the job begins from a picture. */
  readonly strength: number | null;
  readonly conditioningScale: number | null;
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: string;
  readonly steps: number;
  /** Of what the job begins from. */
  readonly width: number;
  readonly height: number;
  readonly guidance: number;
  readonly scheduler: string;
}

export interface Job {
  readonly id: string;
  readonly status: JobStatus;
  readonly request: JobRequest;
  readonly requester: string;
  readonly fee: bigint;
  readonly committeeSize: number;
  readonly createdAt: number;
  readonly submittedHeight: number | null;
  readonly settledHeight: number | null;
  readonly settledAt: number | null;
  readonly verdict: Verdict | null;
  readonly committee: readonly Member[];
  readonly distances: readonly (readonly (number | null)[])[];
  readonly thresholdBits: number;
  readonly hash: VoteHash;
  /** SHA-256 of the delivered file. */
  readonly result: string | null;
  readonly payouts: { readonly producer: bigint; readonly refund: bigint };
  readonly error: string | null;
}

export const progress: Decode<Progress> = (value, at) => {
  const it = fields(value, at);
  return {
    stage: oneOf(...STAGES)(it.stage, `${at}.stage`),
    step: nullable(count)(it.step, `${at}.step`) ?? 0,
    steps: nullable(count)(it.steps, `${at}.steps`) ?? 0,
  };
};

const hashes: Decode<Hashes> = (value, at) => {
  const it = fields(value, at);
  return {
    average: hex(8)(it.average, `${at}.average`),
    perceptual: hex(8)(it.perceptual, `${at}.perceptual`),
    difference: hex(8)(it.difference, `${at}.difference`),
  };
};

const member: Decode<Member> = (value, at) => {
  const it = fields(value, at);
  return {
    node: text(it.node, `${at}.node`),
    role: oneOf('executor', 'verifier')(it.role, `${at}.role`),
    runtime: nullable(text)(it.runtime, `${at}.runtime`) || 'unnamed runtime',
    state: oneOf(...STATES)(it.state, `${at}.state`),
    progress: nullable(progress)(it.progress, `${at}.progress`),
    sha256: nullable(hex(32))(it.sha256, `${at}.sha256`),
    bytes: nullable(count)(it.bytes, `${at}.bytes`),
    hashes: nullable(hashes)(it.hashes, `${at}.hashes`),
    distance: nullable(count)(it.distance, `${at}.distance`),
    standing: nullable(oneOf(...STANDINGS))(it.standing, `${at}.standing`),
    fault: nullable(text)(it.fault, `${at}.fault`) || null,
    payout: nullable(amount)(it.payout, `${at}.payout`),
  };
};

const input: Decode<JobInput> = (value, at) => {
  const it = fields(value, at);
  return {
    name: oneOf('image', 'mask')(it.name, `${at}.name`),
    sha256: hex(32)(it.sha256, `${at}.sha256`),
  };
};

const request: Decode<JobRequest> = (value, at) => {
  const it = fields(value, at);
  return {
    model: text(it.model, `${at}.model`),
    mode: oneOf(...MODES)(it.mode, `${at}.mode`),
    inputs: list(input)(it.inputs, `${at}.inputs`),
    strength: nullable(real)(it.strength, `${at}.strength`),
    conditioningScale: nullable(real)(it.conditioning_scale, `${at}.conditioning_scale`),
    prompt: text(it.prompt, `${at}.prompt`),
    negativePrompt: nullable(text)(it.negative_prompt, `${at}.negative_prompt`) ?? '',
    seed: text(it.seed, `${at}.seed`),
    steps: count(it.steps, `${at}.steps`),
    width: count(it.width, `${at}.width`),
    height: count(it.height, `${at}.height`),
    guidance: real(it.guidance, `${at}.guidance`),
    scheduler: text(it.scheduler, `${at}.scheduler`),
  };
};

const payouts: Decode<Job['payouts']> = (value, at) => {
  const it = fields(value, at);
  return {
    producer: nullable(amount)(it.producer, `${at}.producer`) ?? 0n,
    refund: nullable(amount)(it.refund, `${at}.refund`) ?? 0n,
  };
};

const resultSha256: Decode<string> = (value, at) =>
  hex(32)(fields(value, at).sha256, `${at}.sha256`);

const errorMessage: Decode<string> = (value, at) =>
  text(fields(value, at).message, `${at}.message`);

/** What the chain has fixed about the job once it is settled. */
function settlement(it: Fields, at: string) {
  return {
    settledHeight: nullable(count)(it.settled_height, `${at}.settled_height`),
    settledAt: nullable(count)(it.settled_at, `${at}.settled_at`),
    verdict: nullable(oneOf(...VERDICTS))(it.verdict, `${at}.verdict`),
    result: nullable(resultSha256)(it.result, `${at}.result`),
    payouts: nullable(payouts)(it.payouts, `${at}.payouts`) ?? { producer: 0n, refund: 0n },
    error: nullable(errorMessage)(it.error, `${at}.error`),
  };
}

export const job: Decode<Job> = (value, at) => {
  const it = fields(value, at);
  return {
    id: hex(32)(it.id, `${at}.id`),
    status: oneOf(...STATUSES)(it.status, `${at}.status`),
    request: request(it.request, `${at}.request`),
    requester: nullable(text)(it.requester, `${at}.requester`) ?? '',
    fee: amount(it.fee, `${at}.fee`),
    committeeSize: count(it.committee_size, `${at}.committee_size`),
    createdAt: count(it.created_at, `${at}.created_at`),
    submittedHeight: nullable(count)(it.submitted_height, `${at}.submitted_height`),
    committee: list(member)(it.committee, `${at}.committee`),
    distances: nullable(list(list(nullable(count))))(it.distances, `${at}.distances`) ?? [],
    thresholdBits: count(it.threshold_bits, `${at}.threshold_bits`),
    hash: voteHash(it.hash, `${at}.hash`),
    ...settlement(it, at),
  };
};

/** Pixels of the picture that the job is to deliver. */
export function resultSizeOf({ mode, width, height }: JobRequest) {
  return mode === 'upscale' ? { width: 2 * width, height: 2 * height } : { width, height };
}

export function isOver(job: Job): boolean {
  return job.status === 'settled' || job.status === 'failed';
}

/** The job with one node's progress moved on; a step that arrives late never moves it back. */
export function withProgress(job: Job, node: string, moved: Progress): Job {
  const committee = job.committee.map((member) => {
    const open = member.state === 'drawn' || member.state === 'running';
    return member.node === node && open ? { ...member, progress: moved } : member;
  });
  return { ...job, committee };
}
