import { fromBinary } from '@bufbuild/protobuf';
import type { Chain } from '@semblance/client/chain';
import { toHex } from '@semblance/core/bytes';
import { sha256 as hash } from '@semblance/core/sha256';
import { MsgRevealSchema } from '@semblance/proto/ml';
import { TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';

const REVEAL = `/${MsgRevealSchema.typeName}`;

/** A file as its node revealed it on the chain, by its hash; undefined when none has it. */
export async function revealedFile(
  { query }: Pick<Chain, 'query'>,
  sha256: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const found = await query.txs(`job_revealed.file_sha256='${sha256}'`, 1, { signal });
  for (const { tx } of found) {
    for (const { typeUrl, value } of TxBody.decode(TxRaw.decode(tx).bodyBytes).messages) {
      if (typeUrl !== REVEAL) continue;
      const { file } = fromBinary(MsgRevealSchema, value);
      if (toHex(hash(file)) === sha256) return file;
    }
  }
  return undefined;
}
