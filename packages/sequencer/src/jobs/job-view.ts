import { create } from '@bufbuild/protobuf';
import { standingName, verdictName } from '@semblance/client/receipt';
import { toHex } from '@semblance/core/bytes';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import {
  type Job,
  JobPhase,
  type JobRequest,
  type Member,
  TextToImageSchema,
} from '@semblance/proto/ml';
import {
  baseOf,
  inputSizeOf,
  inputsOf,
  MODES,
  type Task,
  type TaskInput,
} from '@semblance/proto/task';
import type {
  HashesView,
  InputView,
  JobStatus,
  JobView,
  MemberState,
  MemberView,
  Progress,
} from '../views.ts';
import type { StoredJob } from './job-store.ts';

/** What a view is made of. At least one of `stored` and `onChain` is there. */
export interface JobFacts {
  readonly id: string;
  readonly stored: StoredJob | undefined;
  readonly onChain: Job | undefined;
  /** Whether a transaction with the job is on its way. */
  readonly isSending: boolean;
  /** What nodes told, by address. */
  readonly progress: ReadonlyMap<string, Progress>;
  readonly runtimeOf: (node: string) => string;
  /** How the model's results are compared. */
  readonly profile: { readonly hash: string; readonly threshold_bits: number } | undefined;
}

export function jobView(facts: JobFacts): JobView {
  const { id, stored, onChain, profile } = facts;
  const request = onChain?.request ?? stored?.request;
  const members = onChain?.members ?? [];
  const hash = profile?.hash ?? '';
  const delivered = deliveredMember(onChain);
  return {
    id,
    status: statusOf(facts),
    request: requestView(request),
    requester: request?.requester ?? '',
    fee: request?.fee ?? '0',
    committee_size: request?.committeeSize ?? 0,
    created_at: stored?.createdAt ?? Number(onChain?.submittedAt ?? 0n),
    submitted_height: onChain ? Number(onChain.submittedHeight) : null,
    ...settlement(onChain),
    committee: members.map((member, i) => memberView(facts, member, i, hash, delivered)),
    distances: members.map((a) => members.map((b) => distance(a, b, hash))),
    threshold_bits: profile?.threshold_bits ?? 0,
    hash,
    payouts: {
      producer: onChain?.proposerPayout || '0',
      nodes: Object.fromEntries(members.map(({ node, payout }) => [node, payout || '0'])),
      refund: onChain?.refund || '0',
    },
    error: (!onChain && stored?.failure) || null,
  };
}

function statusOf({ stored, onChain, isSending }: JobFacts): JobStatus {
  if (!onChain) {
    if (stored?.state === 'failed') return 'failed';
    return isSending || stored?.state === 'onchain' ? 'submitted' : 'queued';
  }
  if (onChain.phase === JobPhase.SETTLED) return 'settled';
  if (onChain.phase === JobPhase.REVEAL) return 'revealing';
  return onChain.members.length === 0 ? 'submitted' : 'running';
}

function settlement(job: Job | undefined) {
  if (job?.phase !== JobPhase.SETTLED) {
    return { settled_height: null, settled_at: null, verdict: null, result: null };
  }
  const sha256 = job.resultSha256.length === 32 ? toHex(job.resultSha256) : undefined;
  return {
    settled_height: Number(job.settledHeight),
    settled_at: Number(job.settledAt),
    verdict: verdictName(job.verdict) ?? null,
    result: sha256 === undefined ? null : { sha256, url: artifactPath(sha256) },
  };
}

const NO_TASK = create(TextToImageSchema);

function requestView(request: JobRequest | undefined): JobView['request'] {
  const task: Task =
    request?.task.case === undefined ? { case: 'textToImage', value: NO_TASK } : request.task;
  const base = baseOf(task) ?? NO_TASK;
  return {
    model: request?.model ?? '',
    mode: MODES[task.case],
    inputs: inputsOf(task).map(inputView),
    prompt: base.prompt,
    negative_prompt: base.negativePrompt,
    seed: base.seed.toString(),
    strength: 'strengthMilli' in task.value ? task.value.strengthMilli / 1000 : null,
    conditioning_scale: task.case === 'control' ? task.value.conditioningScaleMilli / 1000 : null,
    steps: base.steps,
    ...inputSizeOf(task),
    guidance: base.guidanceMilli / 1000,
    scheduler: base.scheduler,
  };
}

function inputView({ name, sha256 }: TaskInput): InputView {
  const hash = toHex(sha256);
  return { name, sha256: hash, url: artifactPath(hash) };
}

function memberView(
  { progress, runtimeOf }: JobFacts,
  member: Member,
  index: number,
  hash: string,
  delivered: Member | undefined,
): MemberView {
  const told = progress.get(member.node) ?? null;
  const standing = standingName(member.standing) ?? null;
  const sha256 = hasResult(member) ? toHex(member.fileSha256) : null;
  return {
    node: member.node,
    role: index === 0 ? 'executor' : 'verifier',
    runtime: runtimeOf(member.node),
    state: memberState(member, standing, told),
    progress: told,
    sha256,
    bytes: sha256 === null ? null : member.fileBytes,
    url: sha256 === null ? null : artifactPath(sha256),
    hashes: hashesView(member),
    distance: delivered ? distance(member, delivered, hash) : null,
    standing,
    fault: member.fault,
    payout: member.payout || '0',
  };
}

function memberState(
  member: Member,
  standing: MemberView['standing'],
  told: Progress | null,
): MemberState {
  if (standing === 'late' || standing === 'withheld' || standing === 'fault') return standing;
  if (hasResult(member)) return 'revealed';
  if (member.commitment.length > 0) return 'committed';
  return told && told.stage !== 'failed' ? 'running' : 'drawn';
}

/** A valid reveal: the chain keeps the hashes of no other. */
function hasResult(member: Member): boolean {
  return member.fileSha256.length === 32 && member.averageHash.length > 0;
}

function hashesView(member: Member): HashesView | null {
  if (!hasResult(member)) return null;
  return {
    average: toHex(member.averageHash),
    perceptual: toHex(member.perceptualHash),
    difference: toHex(member.differenceHash),
    color: toHex(member.colorHash),
  };
}

function deliveredMember(job: Job | undefined): Member | undefined {
  if (job?.resultSha256.length !== 32) return undefined;
  const sha256 = toHex(job.resultSha256);
  return job.members.find((member) => toHex(member.fileSha256) === sha256);
}

function distance(a: Member, b: Member, hash: string): number | null {
  const [left, right] = [hashOf(a, hash), hashOf(b, hash)];
  if (!left || !right || left.length !== right.length) return null;
  return hammingDistance(left, right);
}

function hashOf(member: Member, hash: string): Uint8Array | undefined {
  if (!hasResult(member)) return undefined;
  switch (hash) {
    case 'average':
      return member.averageHash;
    case 'perceptual':
      return member.perceptualHash;
    case 'difference':
      return member.differenceHash;
    case 'color':
      return member.colorHash;
    default:
      return undefined;
  }
}

function artifactPath(sha256: string): string {
  return `/v1/artifacts/${sha256}`;
}
