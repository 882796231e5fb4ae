import { fromBinary } from '@bufbuild/protobuf';
import type { Chain } from '@semblance/client/chain';
import { toHex } from '@semblance/core/bytes';
import { sha256 as hash } from '@semblance/core/sha256';
import { MsgRevealSchema, MsgSubmitJobSchema } from '@semblance/proto/ml';
import { TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';

/** Where a message carries files, and the event that names them by their hashes. */
const CARRIERS = [
  {
    typeUrl: `/${MsgRevealSchema.typeName}`,
    event: 'job_revealed.file_sha256',
    filesIn: (value: Uint8Array) => [fromBinary(MsgRevealSchema, value).file],
  },
  {
    typeUrl: `/${MsgSubmitJobSchema.typeName}`,
    event: 'job_submitted.input_sha256',
    filesIn: (value: Uint8Array) => fromBinary(MsgSubmitJobSchema, value).inputs,
  },
];

/**
 * A file by its hash from the block that brought it: a node revealed it, or a job begins from it.
 * Undefined when there is none.
 */
export async function fileInBlock(
  { query }: Pick<Chain, 'query'>,
  sha256: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  for (const { typeUrl: carrier, event, filesIn } of CARRIERS) {
    const found = await query.txs(`${event}='${sha256}'`, 1, { signal });
    for (const { tx } of found) {
      for (const { typeUrl, value } of TxBody.decode(TxRaw.decode(tx).bodyBytes).messages) {
        if (typeUrl !== carrier) continue;
        const file = filesIn(value).find((one) => toHex(hash(one)) === sha256);
        if (file) return file;
      }
    }
  }
  return undefined;
}
