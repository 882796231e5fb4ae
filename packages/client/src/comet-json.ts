import { fromBase64 } from '@cosmjs/encoding';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { ChainEvent } from './events.ts';

/*
 * Reading CometBFT's JSON: 64-bit integers are strings, bytes base64 or hex, and what is empty may
 * be absent. Nothing here throws on missing fields; a wrong server gives zeros, not crashes.
 */

/** Outcome of an executed transaction, successful or not. */
export interface ExecutedTx {
  /** Upper-case hex, as explorers show it. */
  readonly hash: string;
  readonly height: bigint;
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  /** Protobuf of cosmos.base.abci.v1beta1.TxMsgData. */
  readonly data: Uint8Array;
  readonly gasWanted: bigint;
  readonly gasUsed: bigint;
  readonly events: readonly ChainEvent[];
}

/** A block header as the RPC server gives it: CometBFT's 14 fields in JSON. */
export interface HeaderJson {
  readonly chain_id: string;
  readonly height: string;
  readonly time: string;
  readonly app_hash: string;
  readonly proposer_address: string;
  readonly [field: string]: unknown;
}

/** Walks into parsed JSON of unknown shape. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string | number, unknown>)[key];
  }
  return here;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function integer(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function base64(value: unknown): Uint8Array {
  return typeof value === 'string' && value !== '' ? fromBase64(value) : new Uint8Array();
}

export function eventsOf(value: unknown): ChainEvent[] {
  return list(value).map((event) => ({
    type: text(at(event, 'type')),
    attributes: list(at(event, 'attributes')).map((attribute) => ({
      key: text(at(attribute, 'key')),
      value: text(at(attribute, 'value')),
    })),
  }));
}

/** Upper-case hex SHA-256 of a transaction: its name everywhere in CometBFT. */
export function txHash(tx: Uint8Array): string {
  return toHex(sha256(tx)).toUpperCase();
}

/** From `{height, result}` plus the hash: the shape of Tx events and of tx_search alike. */
export function executedTx(hash: string, height: unknown, result: unknown): ExecutedTx {
  return {
    hash: hash.toUpperCase(),
    height: integer(height),
    code: Number(integer(at(result, 'code'))),
    codespace: text(at(result, 'codespace')),
    log: text(at(result, 'log')),
    data: base64(at(result, 'data')),
    gasWanted: integer(at(result, 'gas_wanted')),
    gasUsed: integer(at(result, 'gas_used')),
    events: eventsOf(at(result, 'events')),
  };
}
