import type { BlockResult, ChainEvent, TxResult } from '@semblance/chain/application';
import {
  ExecTxResult,
  ResponseFinalizeBlock,
  TxResult as TxResultMessage,
} from 'cosmjs-types/tendermint/abci/types';

/*
 * Results as tendermint.abci messages. None of these bytes are hashed; the hashed part of a
 * result is encoded in block/roots.ts.
 */

export function encodeTxRecord(
  height: bigint,
  index: number,
  tx: Uint8Array,
  result: TxResult,
): Uint8Array {
  const message = ExecTxResult.fromPartial({
    code: result.code,
    codespace: result.codespace,
    data: result.data,
    log: result.log,
    gasWanted: result.gasWanted,
    gasUsed: result.gasUsed,
    events: result.events.map(toEvent),
  });
  return TxResultMessage.encode({ height, index, tx, result: message }).finish();
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

/** The block's own events and app hash; its transactions' results are kept one by one. */
export function encodeBlockResult(result: BlockResult): Uint8Array {
  return ResponseFinalizeBlock.encode(
    ResponseFinalizeBlock.fromPartial({
      events: result.events.map(toEvent),
      appHash: result.appHash,
    }),
  ).finish();
}

export function decodeBlockResult(bytes: Uint8Array): Omit<BlockResult, 'txResults'> {
  const { events, appHash } = ResponseFinalizeBlock.decode(bytes);
  return { events: events.map(fromEvent), appHash };
}

interface EventMessage {
  type: string;
  attributes: { key: string; value: string; index: boolean }[];
}

function toEvent(event: ChainEvent): EventMessage {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key, value, index: true })),
  };
}

function fromEvent(event: EventMessage): ChainEvent {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key, value })),
  };
}
