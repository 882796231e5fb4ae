import { fromBinary } from '@bufbuild/protobuf';
import type { TxOutcome } from '@semblance/client/broadcast';
import type { Chain } from '@semblance/client/chain';
import { commit, reveal } from '@semblance/client/messages';
import type { Signer } from '@semblance/client/signer';
import { fromHex } from '@semblance/core/bytes';
import { MsgRevealResponseSchema } from '@semblance/proto/ml';
import type { RunStore, StoredRun } from './run-store.ts';
import { filePath } from './seal.ts';

export interface Sender {
  readonly chain: Chain;
  readonly signer: Signer;
  readonly signal: AbortSignal;
}

/** Puts a commitment on chain and waits for its block. */
export function sendCommit(
  { chain, signer, signal }: Sender,
  jobId: string,
  commitment: Uint8Array,
): Promise<TxOutcome> {
  const message = commit({ node: signer.address, jobId: fromHex(jobId), commitment });
  return chain.broadcast(signer, [message], { signal, gasKind: 'commit' });
}

/** Opens a commitment on chain. Returns the fault that the chain found, empty when there is none. */
export async function sendReveal(
  { chain, signer, signal }: Sender,
  runs: RunStore,
  run: StoredRun,
): Promise<string> {
  const artifact = run.artifacts.find(({ kind }) => kind === 'file');
  if (!artifact) throw new RangeError(`run ${run.jobId} holds no file`);
  const message = reveal({
    node: signer.address,
    jobId: fromHex(run.jobId),
    salt: run.salt,
    trajectoryRoot: run.root,
    file: await runs.read(run, artifact),
    fileLeaf: run.fileLeaf,
    leaves: run.leaves.length,
    filePath: filePath(run),
  });
  const { responses } = await chain.broadcast(signer, [message], { signal, gasKind: 'reveal' });
  const response = responses[0];
  return response ? fromBinary(MsgRevealResponseSchema, response.value).fault : '';
}
