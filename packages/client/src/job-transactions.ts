import { fromBinary } from '@bufbuild/protobuf';
import { equals, toHex } from '@semblance/core/bytes';
import {
  type Job,
  MsgCommitSchema,
  type MsgReveal,
  MsgRevealSchema,
  MsgSubmitJobSchema,
} from '@semblance/proto/ml';
import { TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import type { Chain } from './chain.ts';
import { jobIdOf } from './job.ts';
import type { FoundTx } from './query.ts';

/** The successful transactions that made a job what it is, by node. Hashes are upper-case hex. */
export interface JobTransactions {
  submit: string | undefined;
  readonly commits: Map<string, string>;
  readonly reveals: Map<string, { readonly txHash: string; readonly message: MsgReveal }>;
}

/** A committee has at most 7 members, each with one commit and one reveal that count. */
const MAX_PER_EVENT = 30;
const EVENTS = ['job_submitted', 'job_committed', 'job_revealed', 'fault'] as const;

/** Finds a job's transactions through the chain's index of events. */
export async function jobTransactions(
  chain: Chain,
  job: Job,
  options: { readonly signal?: AbortSignal } = {},
): Promise<JobTransactions> {
  const found = await Promise.all(
    EVENTS.map((event) =>
      chain.query.txs(`${event}.job_id='${toHex(job.id)}'`, MAX_PER_EVENT, options),
    ),
  );
  const transactions: JobTransactions = {
    submit: undefined,
    commits: new Map(),
    reveals: new Map(),
  };
  for (const tx of found.flat()) if (tx.code === 0) collect(transactions, job, tx);
  return transactions;
}

function collect(transactions: JobTransactions, job: Job, { tx, hash: txHash }: FoundTx): void {
  for (const { typeUrl, value } of TxBody.decode(TxRaw.decode(tx).bodyBytes).messages) {
    if (typeUrl === `/${MsgSubmitJobSchema.typeName}`) {
      const { request } = fromBinary(MsgSubmitJobSchema, value);
      if (request && equals(jobIdOf(request), job.id)) transactions.submit = txHash;
    } else if (typeUrl === `/${MsgCommitSchema.typeName}`) {
      const message = fromBinary(MsgCommitSchema, value);
      const { commitment } = job.members.find(({ node }) => node === message.node) ?? {};
      if (!equals(message.jobId, job.id) || !commitment) continue;
      if (equals(message.commitment, commitment)) transactions.commits.set(message.node, txHash);
    } else if (typeUrl === `/${MsgRevealSchema.typeName}`) {
      const message = fromBinary(MsgRevealSchema, value);
      if (!equals(message.jobId, job.id) || transactions.reveals.has(message.node)) continue;
      transactions.reveals.set(message.node, { txHash, message });
    }
  }
}
