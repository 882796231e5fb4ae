import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf';
import { concat, fromUtf8 } from '@semblance/core/bytes';
import { merklePath, merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import {
  type Job,
  type JobRequest,
  JobRequestSchema,
  MsgCommitSchema,
  type MsgReveal,
  MsgRevealSchema,
  MsgSubmitJobSchema,
  type Node,
  QueryDutiesRequestSchema,
  QueryDutiesResponseSchema,
  QueryInputsRequestSchema,
  QueryInputsResponseSchema,
  QueryJobRequestSchema,
  QueryJobResponseSchema,
  QueryNodeRequestSchema,
  QueryNodeResponseSchema,
} from '@semblance/proto/ml';
import { MODES } from '@semblance/proto/task';
import { commitment, jobId } from '@semblance/verification/commitment';
import { fileLeafData } from '@semblance/verification/trajectory';
import type { Application } from '../../src/application.ts';
import type { AppState } from '../../src/genesis.ts';
import { maskPicture, picture } from './png.ts';
import type { EncodedMessage } from './tx.ts';
import { type Wallet, wallet } from './wallet.ts';

export const MODEL = 'emoji-64';
export const REQUESTER = wallet('requester');
export const STAKE = 10_000_000n;

/** Nodes of the test network, each with an operator of its own. */
export const NODES: readonly Wallet[] = Array.from({ length: 6 }, (_, i) => wallet(`node ${i}`));
export const operatorOf = (i: number): Wallet => wallet(`operator ${i}`);

/** An ml section with one model and the nodes that run it. */
export function mlGenesis(
  params: Record<string, string | number> = {},
  nodes: readonly Wallet[] = NODES,
): AppState['ml'] {
  return {
    params: { job_retention_ms: '0', ...params },
    models: [
      {
        id: MODEL,
        owner: wallet('owner').address,
        weights_root: Buffer.alloc(32, 7).toString('base64'),
        profile: { hash: 'average', threshold_bits: 2, committee_sizes: [1, 3, 5] },
        limits: {
          size_multiple: 4,
          min_size: 32,
          max_size: 128,
          max_steps: 50,
          schedulers: ['ddim', 'euler', 'unipc'],
          modes: Object.values(MODES),
        },
        min_fee: '1000',
      },
    ],
    nodes: nodes.map((node, i) => ({
      address: node.address,
      operator: operatorOf(i).address,
      stake: STAKE.toString(),
      models: [MODEL],
      endpoint: `http://127.0.0.1:${7000 + i}`,
      runtime: 'test',
    })),
  };
}

/** Everybody of the test network with money for fees. */
export const FUNDED = [REQUESTER, ...NODES, ...NODES.map((_, i) => operatorOf(i))].map((of) => ({
  of,
  usem: 1_000_000_000n,
}));

export function encode<D extends DescMessage>(
  schema: D,
  init: MessageInitShape<D>,
): EncodedMessage {
  return { typeUrl: `/${schema.typeName}`, value: toBinary(schema, create(schema, init)) };
}

type RequestInit = Omit<MessageInitShape<typeof JobRequestSchema>, '$typeName'>;
type TaskInit = Partial<{
  prompt: string;
  negativePrompt: string;
  seed: bigint;
  steps: number;
  width: number;
  height: number;
  guidanceMilli: number;
  scheduler: string;
}>;

const BASE = {
  prompt: 'a red apple',
  seed: 42n,
  steps: 20,
  width: 64,
  height: 64,
  guidanceMilli: 7500,
  scheduler: 'ddim',
};

export function request(fields: RequestInit = {}, task: TaskInit = {}): JobRequest {
  return create(JobRequestSchema, {
    requester: REQUESTER.address,
    model: MODEL,
    committeeSize: 3,
    fee: '10000',
    deadlineMs: 60_000n,
    task: {
      case: 'textToImage',
      value: { ...BASE, ...task },
    },
    ...fields,
  } as MessageInitShape<typeof JobRequestSchema>);
}

export const idOf = (request: JobRequest): Uint8Array => jobId(toBinary(JobRequestSchema, request));

export const submitMessage = (request: JobRequest, inputs: readonly Uint8Array[] = []) =>
  encode(MsgSubmitJobSchema, { request, inputs: [...inputs] });

/** The tasks that begin from files. */
export const FILE_MODES = ['imageToImage', 'inpaint', 'control', 'upscale'] as const;

/** A job that begins from `files`, as many as its mode names, with some of its task's fields wrong. */
export function fileRequest(
  mode: (typeof FILE_MODES)[number],
  [image = picture(), mask = maskPicture()]: readonly Uint8Array[] = [],
  { base, ...wrong }: Record<string, unknown> = {},
): JobRequest {
  const value = {
    base: { ...BASE, ...(base as TaskInit) },
    imageSha256: sha256(image),
    maskSha256: sha256(mask),
    strengthMilli: 500,
    conditioningScaleMilli: 1000,
    width: 64,
    height: 64,
    ...wrong,
  };
  return request({ task: { case: mode, value } as unknown as JobRequest['task'] });
}

/** The files that a job of {@link fileRequest} names unless told otherwise. */
export const filesOf = (mode: (typeof FILE_MODES)[number]): Uint8Array[] =>
  mode === 'inpaint' ? [picture(), maskPicture()] : [picture()];

export const commitMessage = (node: string, jobId: Uint8Array, commitment: Uint8Array) =>
  encode(MsgCommitSchema, { node, jobId, commitment });

/** One node's work on a job: what it commits to and how it opens that. */
export interface Work {
  readonly commit: EncodedMessage;
  /** The honest reveal, or one with some fields wrong. */
  readonly reveal: (wrong?: Partial<Omit<MsgReveal, '$typeName' | '$unknown'>>) => EncodedMessage;
}

export function workOf(node: Wallet, jobId: Uint8Array, file: Uint8Array): Work {
  const salt = sha256(fromUtf8('salt'), node.bytes, jobId);
  const leaves = [fromUtf8('latent 0'), fromUtf8('latent 1'), fileLeafData(sha256(file)), salt];
  const root = merkleRoot(leaves);
  const opening = {
    node: node.address,
    jobId,
    salt,
    trajectoryRoot: root,
    file,
    fileLeaf: 2,
    leaves: leaves.length,
    filePath: merklePath(leaves, 2),
  };
  return {
    commit: commitMessage(node.address, jobId, commitment({ jobId, node: node.bytes, root, salt })),
    reveal: (wrong = {}) => encode(MsgRevealSchema, { ...opening, ...wrong }),
  };
}

/** A commitment that is not of the node's own making. */
export const someCommitment = (text: string): Uint8Array => sha256(concat(fromUtf8(text)));

export function queryJob(app: Application, id: Uint8Array): Job {
  const { code, log, value } = app.query(
    '/semblance.ml.v1.Query/Job',
    toBinary(QueryJobRequestSchema, create(QueryJobRequestSchema, { id })),
  );
  const { job } = fromBinary(QueryJobResponseSchema, value);
  if (code !== 0 || job === undefined) throw new Error(log);
  return job;
}

export function queryNode(app: Application, address: string): Node {
  const { code, log, value } = app.query(
    '/semblance.ml.v1.Query/Node',
    toBinary(QueryNodeRequestSchema, create(QueryNodeRequestSchema, { address })),
  );
  const { node } = fromBinary(QueryNodeResponseSchema, value);
  if (code !== 0 || node === undefined) throw new Error(log);
  return node;
}

export function queryInputs(app: Application, id: Uint8Array): Uint8Array[] {
  const { code, log, value } = app.query(
    '/semblance.ml.v1.Query/Inputs',
    toBinary(QueryInputsRequestSchema, create(QueryInputsRequestSchema, { id })),
  );
  if (code !== 0) throw new Error(log);
  return fromBinary(QueryInputsResponseSchema, value).inputs;
}

export function queryDuties(app: Application, node: string): Job[] {
  const { value } = app.query(
    '/semblance.ml.v1.Query/Duties',
    toBinary(QueryDutiesRequestSchema, create(QueryDutiesRequestSchema, { node })),
  );
  return fromBinary(QueryDutiesResponseSchema, value).jobs;
}
