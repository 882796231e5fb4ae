import { create } from '@bufbuild/protobuf';
import { toBase64 } from '@cosmjs/encoding';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import {
  type Job,
  JobPhase,
  JobRequestSchema,
  type Member,
  type MsgReveal,
  Standing,
  Verdict,
} from '@semblance/proto/ml';
import type { Chain } from './chain.ts';
import type { HeaderJson } from './comet-json.ts';
import { encodeJobRequest } from './job.ts';
import { type JobTransactions, jobTransactions } from './job-transactions.ts';

export const RECEIPT_FORMAT = 'semblance/receipt/v1';

export type StandingName = 'majority' | 'dissent' | 'late' | 'withheld' | 'fault' | 'undecided';
export type VerdictName = 'agreed' | 'no_majority' | 'late' | 'withheld' | 'no_nodes';

/**
 * Everything a reader needs to recheck how a job was judged, without asking anybody. JSON: hashes
 * and identifiers are lower-case hex, the request is base64, amounts and heights decimal strings.
 */
export interface Receipt {
  readonly format: typeof RECEIPT_FORMAT;
  readonly chainId: string;
  readonly job: ReceiptJob;
  /** How results of the model were compared when the receipt was made. */
  readonly profile: ReceiptProfile;
  /** Header of the block that settled the job, as the RPC server gave it, and its hash. */
  readonly settlement: { readonly blockHash: string; readonly header: HeaderJson };
  /** Hashes of the transactions, upper-case hex. */
  readonly transactions: {
    readonly submit: string | null;
    readonly commits: Readonly<Record<string, string>>;
    readonly reveals: Readonly<Record<string, string>>;
  };
}

export interface ReceiptProfile {
  readonly model: string;
  readonly weightsRoot: string;
  readonly hash: string;
  readonly thresholdBits: number;
  readonly producerShareBp: number;
}

export interface ReceiptJob {
  readonly id: string;
  /** Deterministic protobuf of the JobRequest. */
  readonly request: string;
  readonly submittedHeight: string;
  readonly settledHeight: string;
  /** Unix milliseconds of block time. */
  readonly submittedAt: string;
  readonly settledAt: string;
  readonly verdict: VerdictName;
  /** SHA-256 of the delivered file, or null without a verdict. */
  readonly result: string | null;
  readonly producerPayout: string;
  readonly refund: string;
  /** The executor first. */
  readonly committee: readonly ReceiptMember[];
}

export interface ReceiptMember {
  readonly node: string;
  readonly commitment: string | null;
  readonly standing: StandingName;
  readonly fault: string;
  readonly payout: string;
  /** What the chain holds of a reveal that stood. */
  readonly result: ReceiptResult | null;
  /** What the node opened its commitment with; null when it never revealed. */
  readonly opening: ReceiptOpening | null;
}

export interface ReceiptResult {
  readonly sha256: string;
  readonly bytes: number;
  readonly hashes: {
    readonly average: string;
    readonly perceptual: string;
    readonly difference: string;
    readonly color: string;
  };
}

export interface ReceiptOpening {
  readonly root: string;
  readonly salt: string;
  readonly fileLeaf: number;
  readonly leaves: number;
  readonly filePath: readonly string[];
}

/**
 * The receipt of a settled job, read from the chain.
 *
 * Throws InvalidInputError when the job does not exist or is not settled yet.
 */
export async function buildReceipt(
  chain: Chain,
  jobId: Uint8Array,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Receipt> {
  const job = await chain.query.job(jobId, options);
  if (!job?.request) throw new InvalidInputError('jobId', 'no such job on the chain');
  if (job.phase !== JobPhase.SETTLED) throw new InvalidInputError('jobId', 'not settled yet');
  const [model, params, block, transactions] = await Promise.all([
    chain.query.model(job.request.model, options),
    chain.query.params(options),
    chain.query.block(job.settledHeight, options),
    jobTransactions(chain, job, options),
  ]);
  if (!model?.profile) throw new InvalidInputError('jobId', 'its model is not on the chain');
  return {
    format: RECEIPT_FORMAT,
    chainId: chain.chainId,
    job: receiptJob(job, transactions),
    profile: {
      model: model.id,
      weightsRoot: toHex(model.weightsRoot),
      hash: model.profile.hash,
      thresholdBits: model.profile.thresholdBits,
      producerShareBp: params.producerShareBp,
    },
    settlement: { blockHash: block.hash, header: block.header },
    transactions: {
      submit: transactions.submit ?? null,
      commits: Object.fromEntries(transactions.commits),
      reveals: Object.fromEntries(
        [...transactions.reveals].map(([node, { txHash }]) => [node, txHash]),
      ),
    },
  };
}

function receiptJob(job: Job, transactions: JobTransactions): ReceiptJob {
  const request = job.request ?? create(JobRequestSchema);
  return {
    id: toHex(job.id),
    request: toBase64(encodeJobRequest(request)),
    submittedHeight: job.submittedHeight.toString(),
    settledHeight: job.settledHeight.toString(),
    submittedAt: job.submittedAt.toString(),
    settledAt: job.settledAt.toString(),
    verdict: verdictName(job.verdict) ?? 'no_nodes',
    result: job.resultSha256.length === 32 ? toHex(job.resultSha256) : null,
    producerPayout: job.proposerPayout || '0',
    refund: job.refund || '0',
    committee: job.members.map((member) =>
      receiptMember(member, transactions.reveals.get(member.node)?.message),
    ),
  };
}

function receiptMember(member: Member, reveal: MsgReveal | undefined): ReceiptMember {
  return {
    node: member.node,
    commitment: member.commitment.length === 32 ? toHex(member.commitment) : null,
    standing: standingName(member.standing) ?? 'undecided',
    fault: member.fault,
    payout: member.payout || '0',
    result:
      member.fileSha256.length === 32 && member.standing !== Standing.FAULT
        ? {
            sha256: toHex(member.fileSha256),
            bytes: member.fileBytes,
            hashes: {
              average: toHex(member.averageHash),
              perceptual: toHex(member.perceptualHash),
              difference: toHex(member.differenceHash),
              color: toHex(member.colorHash),
            },
          }
        : null,
    opening: reveal
      ? {
          root: toHex(reveal.trajectoryRoot),
          salt: toHex(reveal.salt),
          fileLeaf: reveal.fileLeaf,
          leaves: reveal.leaves,
          filePath: reveal.filePath.map(toHex),
        }
      : null,
  };
}

/** The word for a standing in JSON; undefined while it is open. */
export function standingName(standing: Standing): StandingName | undefined {
  return STANDINGS[standing];
}

/** The word for a verdict in JSON; undefined while there is none. */
export function verdictName(verdict: Verdict): VerdictName | undefined {
  return VERDICTS[verdict];
}

const STANDINGS: Partial<Record<Standing, StandingName>> = {
  [Standing.MAJORITY]: 'majority',
  [Standing.DISSENT]: 'dissent',
  [Standing.LATE]: 'late',
  [Standing.WITHHELD]: 'withheld',
  [Standing.FAULT]: 'fault',
  [Standing.UNDECIDED]: 'undecided',
};

const VERDICTS: Partial<Record<Verdict, VerdictName>> = {
  [Verdict.AGREED]: 'agreed',
  [Verdict.NO_MAJORITY]: 'no_majority',
  [Verdict.LATE]: 'late',
  [Verdict.WITHHELD]: 'withheld',
  [Verdict.NO_NODES]: 'no_nodes',
};
