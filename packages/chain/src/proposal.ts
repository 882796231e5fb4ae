import type { ChainParams } from './chain-params.ts';
import type { DecodedTx } from './tx/decode.ts';
import type { DecodeTx } from './tx/decoded-txs.ts';

/*
 * What a block may hold. Proposer and judges share these rules, so that an honest proposal is never
 * turned down; they look at the bytes alone, since a transaction that fails in its block is no harm.
 */

/** The first of the waiting transactions that fit. One that can never fit is passed over. */
export function chooseTxs(
  decode: DecodeTx,
  params: ChainParams,
  txs: readonly Uint8Array[],
  maxTxBytes: bigint,
): Uint8Array[] {
  const chosen: Uint8Array[] = [];
  let bytes = 0n;
  let gas = 0n;
  for (const tx of txs) {
    const ownBytes = sizeInBlock(tx);
    const ownGas = gasOf(decode, tx);
    if (ownGas === undefined || ownBytes > maxTxBytes || !isWithin(params, ownGas)) continue;
    bytes += ownBytes;
    gas += ownGas;
    // A later one may build on this one: nothing overtakes.
    if (bytes > maxTxBytes || !isWithin(params, gas)) break;
    chosen.push(tx);
  }
  return chosen;
}

/** Whether all can be read and their gas is within the block's limit. The engine counts bytes. */
export function mayFormBlock(
  decode: DecodeTx,
  params: ChainParams,
  txs: readonly Uint8Array[],
): boolean {
  let gas = 0n;
  for (const tx of txs) {
    const own = gasOf(decode, tx);
    if (own === undefined) return false;
    gas += own;
  }
  return isWithin(params, gas);
}

function isWithin({ maxBlockGas }: ChainParams, gas: bigint): boolean {
  return maxBlockGas < 0n || gas <= maxBlockGas;
}

/** Undefined if it cannot be read, for whatever reason: a proposal must not stop who judges it. */
function gasOf(decode: DecodeTx, bytes: Uint8Array): bigint | undefined {
  let tx: DecodedTx;
  try {
    tx = decode(bytes);
  } catch {
    return undefined;
  }
  return tx.authInfo.fee?.gasLimit ?? 0n;
}

/** Bytes in the block's encoding: a tag of one byte, the length as a varint, the transaction. */
export function sizeInBlock(tx: Uint8Array): bigint {
  let prefix = 2;
  for (let length = tx.length; length >= 0x80; length = Math.floor(length / 0x80)) prefix += 1;
  return BigInt(prefix + tx.length);
}
