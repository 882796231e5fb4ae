import { concat, fromUint64, toUint64 } from '@semblance/core/bytes';

/** Where a transaction stands: the block's height and the place in it. */
export interface TxPosition {
  readonly height: bigint;
  readonly index: number;
}

/** Big-endian, so that byte order is the order of execution. 12 bytes. */
export function positionKey({ height, index }: TxPosition): Uint8Array {
  const key = new Uint8Array(12);
  const view = new DataView(key.buffer);
  view.setBigUint64(0, height);
  view.setUint32(8, index);
  return key;
}

export function readPosition(key: Uint8Array): TxPosition {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return { height: toUint64(key), index: view.getUint32(8) };
}

/** First position of a block. */
export function heightKey(height: bigint): Uint8Array {
  return concat(fromUint64(height), new Uint8Array(4));
}
