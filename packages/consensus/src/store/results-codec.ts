import type { BlockResult, ChainEvent, TxResult } from '@semblance/chain/application';
import {
  ResponseFinalizeBlock,
  TxResult as TxResultMessage,
} from 'cosmjs-types/tendermint/abci/types';
import { WireWriter } from '../block/wire-writer.ts';

/*
 * Results as tendermint.abci messages. They are written here and not by the generated code, whose
 * writer loses integers from 2^31 to 2^32 - 1 (cosmjs-types 0.11); its reader is right.
 */

const writer = new WireWriter();

/** `tendermint.abci.TxResult`. */
export function encodeTxRecord(
  height: bigint,
  index: number,
  tx: Uint8Array,
  result: TxResult,
): Buffer {
  return writer.encode(() => {
    writer.int(1, height);
    writer.int(2, BigInt(index));
    writer.bytes(3, tx);
    writer.message(4, () => writeTxResult(result));
  });
}

/** `tendermint.abci.ExecTxResult`. */
function writeTxResult(result: TxResult): void {
  writer.int(1, BigInt(result.code));
  writer.bytes(2, result.data);
  writer.string(3, result.log);
  writer.int(5, result.gasWanted);
  writer.int(6, result.gasUsed);
  for (const event of result.events) writer.message(7, () => writeEvent(event));
  writer.string(8, result.codespace);
}

/** `tendermint.abci.Event`; every attribute is marked as indexed. */
function writeEvent({ type, attributes }: ChainEvent): void {
  writer.string(1, type);
  for (const { key, value } of attributes) {
    writer.message(2, () => {
      writer.string(1, key);
      writer.string(2, value);
      writer.int(3, 1n);
    });
  }
}

export function decodeTxRecord(bytes: Uint8Array): { tx: Uint8Array; result: TxResult } {
  const { tx, result } = TxResultMessage.decode(bytes);
  return {
    tx,
    result: {
      code: result.code,
      codespace: result.codespace,
      data: result.data,
      log: result.log,
      gasWanted: result.gasWanted,
      gasUsed: result.gasUsed,
      events: result.events.map(fromEvent),
    },
  };
}

/** What is kept of a block's result beside the results of its transactions. */
export type StoredBlockResult = Pick<BlockResult, 'events' | 'appHash'>;

/**
 * The block's own events and app hash as `tendermint.abci.ResponseFinalizeBlock`; the results of
 * its transactions are kept one by one.
 */
export function encodeBlockResult({ events, appHash }: StoredBlockResult): Buffer {
  return writer.encode(() => {
    for (const event of events) writer.message(1, () => writeEvent(event));
    writer.bytes(5, appHash);
  });
}

export function decodeBlockResult(bytes: Uint8Array): StoredBlockResult {
  const { events, appHash } = ResponseFinalizeBlock.decode(bytes);
  return { events: events.map(fromEvent), appHash };
}

function fromEvent(event: ChainEvent): ChainEvent {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key, value })),
  };
}
