import type { BlockResult, ChainEvent, TxResult } from '@semblance/chain/application';
import { concat } from '@semblance/core/bytes';
import {
  ResponseFinalizeBlock,
  TxResult as TxResultMessage,
} from 'cosmjs-types/tendermint/abci/types';
import { bytesField, intField, messageField, stringField } from '../block/wire.ts';

/*
 * Results as tendermint.abci messages. They are written here and not by the generated code, whose
 * writer loses integers from 2^31 to 2^32 - 1 (cosmjs-types 0.11); its reader is right.
 */

/** `tendermint.abci.TxResult`. */
export function encodeTxRecord(
  height: bigint,
  index: number,
  tx: Uint8Array,
  result: TxResult,
): Uint8Array {
  return concat(
    intField(1, height),
    intField(2, BigInt(index)),
    bytesField(3, tx),
    messageField(4, encodeTxResult(result)),
  );
}

/** `tendermint.abci.ExecTxResult`. */
function encodeTxResult(result: TxResult): Uint8Array {
  return concat(
    intField(1, BigInt(result.code)),
    bytesField(2, result.data),
    stringField(3, result.log),
    intField(5, result.gasWanted),
    intField(6, result.gasUsed),
    ...result.events.map((event) => messageField(7, encodeEvent(event))),
    stringField(8, result.codespace),
  );
}

/** `tendermint.abci.Event`; every attribute is marked as indexed. */
function encodeEvent({ type, attributes }: ChainEvent): Uint8Array {
  return concat(
    stringField(1, type),
    ...attributes.map(({ key, value }) =>
      messageField(2, concat(stringField(1, key), stringField(2, value), intField(3, 1n))),
    ),
  );
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

/**
 * The block's own events and app hash as `tendermint.abci.ResponseFinalizeBlock`; the results of
 * its transactions are kept one by one.
 */
export function encodeBlockResult({ events, appHash }: BlockResult): Uint8Array {
  return concat(
    ...events.map((event) => messageField(1, encodeEvent(event))),
    bytesField(5, appHash),
  );
}

export function decodeBlockResult(bytes: Uint8Array): Omit<BlockResult, 'txResults'> {
  const { events, appHash } = ResponseFinalizeBlock.decode(bytes);
  return { events: events.map(fromEvent), appHash };
}

function fromEvent(event: ChainEvent): ChainEvent {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key, value })),
  };
}
