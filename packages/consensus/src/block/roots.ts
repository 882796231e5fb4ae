import type { TxResult } from '@semblance/chain/application';
import { concat } from '@semblance/core/bytes';
import { merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { bytesField, intField, messageField } from './wire.ts';

/** Root of no leaves: `evidence_hash` always, and the first block's last commit and results. */
export const EMPTY_ROOT: Uint8Array = merkleRoot([]);

/** Header field `data_hash`: Merkle root over the transactions' hashes. */
export function dataHash(txHashes: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(txHashes);
}

/** Header field `validators_hash`: Merkle root over SimpleValidator messages. */
export function validatorsHash(
  validators: readonly { publicKey: Uint8Array; power: bigint }[],
): Uint8Array {
  return merkleRoot(
    validators.map(({ publicKey, power }) =>
      concat(messageField(1, bytesField(1, publicKey)), intField(2, power)),
    ),
  );
}

/** Header field `consensus_hash`: SHA-256 of HashedParams. */
export function consensusHash(block: { maxBytes: bigint; maxGas: bigint }): Uint8Array {
  return sha256(concat(intField(1, block.maxBytes), intField(2, block.maxGas)));
}

/** Header field `last_results_hash`: code, data and gas only; the rest may differ between nodes. */
export function resultsHash(results: readonly TxResult[]): Uint8Array {
  return merkleRoot(
    results.map((result) =>
      concat(
        intField(1, BigInt(result.code)),
        bytesField(2, result.data),
        intField(5, result.gasWanted),
        intField(6, result.gasUsed),
      ),
    ),
  );
}
