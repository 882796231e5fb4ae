/*
 * What the HTTP API answers. Field names are the API's; amounts are decimal strings of the fee
 * coin's base unit, hashes lower-case hex, times Unix milliseconds.
 */

export type JobStatus = 'queued' | 'submitted' | 'running' | 'revealing' | 'settled' | 'failed';

export type VerdictName = 'agreed' | 'no_majority' | 'late' | 'withheld' | 'no_nodes';

export type StandingName = 'majority' | 'dissent' | 'late' | 'withheld' | 'fault' | 'undecided';

export type MemberState =
  | 'drawn'
  | 'running'
  | 'committed'
  | 'revealed'
  | 'late'
  | 'withheld'
  | 'fault';

export type Stage = 'text' | 'step' | 'decode' | 'committed' | 'revealed' | 'failed';

/** How far a node says it is. Told by the node, not by the chain. */
export interface Progress {
  readonly stage: Stage;
  readonly step: number;
  readonly steps: number;
}

export interface HashesView {
  readonly average: string;
  readonly perceptual: string;
  readonly difference: string;
  readonly color: string;
}

export interface MemberView {
  readonly node: string;
  readonly role: 'executor' | 'verifier';
  readonly runtime: string;
  readonly state: MemberState;
  readonly progress: Progress | null;
  readonly sha256: string | null;
  readonly bytes: number | null;
  /** Path of the revealed file on this server. */
  readonly url: string | null;
  readonly hashes: HashesView | null;
  /** Bits to the delivered result by the model's hash. */
  readonly distance: number | null;
  readonly standing: StandingName | null;
  /** Empty when there is none. */
  readonly fault: string;
  readonly payout: string;
}

export type ModeName = 'text_to_image' | 'image_to_image' | 'inpaint' | 'control' | 'upscale';

/** A file that a job begins from. */
export interface InputView {
  readonly name: 'image' | 'mask';
  readonly sha256: string;
  readonly url: string;
}

export interface RequestView {
  readonly mode: ModeName;
  readonly inputs: readonly InputView[];
  /** Share of the steps that is walked; null where the mode has none. */
  readonly strength: number | null;
  /** Factor on what the control network adds; null where the mode has none. */
  readonly conditioning_scale: number | null;
  readonly model: string;
  readonly prompt: string;
  readonly negative_prompt: string;
  /** Decimal, since it may pass 2^53. */
  readonly seed: string;
  readonly steps: number;
  /** Of what the job begins from; an enlargement's result is twice as wide and high. */
  readonly width: number;
  readonly height: number;
  readonly guidance: number;
  readonly scheduler: string;
}

export interface JobView {
  /** The chain's job id, known before the job is submitted. */
  readonly id: string;
  readonly status: JobStatus;
  readonly request: RequestView;
  readonly requester: string;
  readonly fee: string;
  readonly committee_size: number;
  readonly created_at: number;
  readonly submitted_height: number | null;
  readonly settled_height: number | null;
  readonly settled_at: number | null;
  readonly verdict: VerdictName | null;
  /** The executor first; empty until the chain has drawn it. */
  readonly committee: readonly MemberView[];
  /** Bits between the results of members i and j by the model's hash; null where one is missing. */
  readonly distances: readonly (readonly (number | null)[])[];
  readonly threshold_bits: number;
  readonly hash: string;
  readonly result: { readonly sha256: string; readonly url: string } | null;
  readonly payouts: {
    readonly producer: string;
    readonly nodes: Readonly<Record<string, string>>;
    readonly refund: string;
  };
  /** Why the job never came onto the chain. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface JobPageView {
  readonly data: readonly JobView[];
  /** Cursor of the next, older page, or null at the end. */
  readonly next: string | null;
}

export interface ModelView {
  readonly id: string;
  readonly object: 'model';
  /** Unix seconds. */
  readonly created: number;
  readonly owned_by: string;
  readonly title: string;
  readonly defaults: {
    readonly width: number;
    readonly height: number;
    readonly steps: number;
    readonly guidance: number;
    readonly scheduler: string;
  };
  readonly limits: {
    readonly size_multiple: number;
    readonly min_size: number;
    readonly max_size: number;
    readonly max_steps: number;
    readonly schedulers: readonly string[];
    readonly modes: readonly string[];
  };
  readonly profile: {
    readonly hash: string;
    readonly threshold_bits: number;
    readonly committee_sizes: readonly number[];
  };
  /** Least fee of a job; what this server offers. */
  readonly min_fee: string;
  readonly suggested_prompts: readonly string[];
}

export interface NodeView {
  readonly address: string;
  readonly operator: string;
  readonly runtime: string;
  readonly models: readonly string[];
  readonly stake: string;
  readonly status: 'active' | 'jailed' | 'leaving';
  readonly jailed_until: number;
  readonly endpoint: string;
  /** Whether this server hears the node's events right now. */
  readonly online: boolean;
  readonly jobs_agreed: number;
  readonly jobs_dissented: number;
  readonly jobs_missed: number;
  readonly faults: number;
  /** Sum of its payouts in the jobs this server has seen settle. */
  readonly earned: string;
  readonly balance: string;
}

export interface BlockView {
  readonly height: number;
  readonly time: number;
  readonly hash: string;
  readonly app_hash: string;
  readonly txs: number;
  /** Consensus address of the producer. */
  readonly proposer: string;
}

export interface StatusView {
  readonly chain_id: string;
  readonly height: number;
  readonly app_hash: string;
  /** Active nodes. */
  readonly nodes: number;
  readonly jobs: { readonly queued: number; readonly running: number; readonly settled: number };
  readonly version: string;
}

/** One answer of `POST /v1/images/generations`, `edits` and `upscales`, in OpenAI's shape and ours. */
export interface ImagesView {
  /** Unix seconds. */
  readonly created: number;
  readonly data: readonly ImageView[];
}

export interface ImageView {
  readonly url?: string;
  readonly b64_json?: string;
  readonly seed: string;
  readonly job_id: string;
  readonly receipt_url: string;
}

/** Every error, in OpenAI's shape. */
export interface ErrorView {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** The request's field at fault. */
    readonly param: string | null;
    readonly code: string | null;
  };
}
