import type {
  Application,
  ChunkVerdict,
  OfferVerdict,
  Snapshot,
} from '@semblance/chain/application';
import {
  type RequestApplySnapshotChunk,
  type RequestLoadSnapshotChunk,
  type RequestOfferSnapshot,
  type ResponseApplySnapshotChunk,
  ResponseApplySnapshotChunk_Result,
  type ResponseListSnapshots,
  type ResponseLoadSnapshotChunk,
  type ResponseOfferSnapshot,
  ResponseOfferSnapshot_Result,
} from 'cosmjs-types/tendermint/abci/types';

/*
 * State sync. An application that knows no snapshots offers none, and tells who asks it to restore
 * one to give up rather than to look for a better one.
 */

const OFFER: Readonly<Record<OfferVerdict, ResponseOfferSnapshot_Result>> = {
  accept: ResponseOfferSnapshot_Result.ACCEPT,
  abort: ResponseOfferSnapshot_Result.ABORT,
  reject: ResponseOfferSnapshot_Result.REJECT,
  reject_format: ResponseOfferSnapshot_Result.REJECT_FORMAT,
};

const CHUNK: Readonly<Record<ChunkVerdict, ResponseApplySnapshotChunk_Result>> = {
  accept: ResponseApplySnapshotChunk_Result.ACCEPT,
  retry: ResponseApplySnapshotChunk_Result.RETRY,
  reject_snapshot: ResponseApplySnapshotChunk_Result.REJECT_SNAPSHOT,
};

export function listSnapshots({ stateSync }: Application): ResponseListSnapshots {
  return { snapshots: [...(stateSync?.list() ?? [])] };
}

export function offerSnapshot(
  { stateSync }: Application,
  { snapshot, appHash }: RequestOfferSnapshot,
): ResponseOfferSnapshot {
  if (stateSync === undefined) return { result: OFFER.abort };
  if (snapshot === undefined) return { result: OFFER.reject };
  const { height, format, chunks, hash, metadata } = snapshot;
  const offered: Snapshot = { height, format, chunks, hash, metadata };
  return { result: OFFER[stateSync.offer(offered, appHash)] };
}

/** No bytes: there is no such chunk. */
export function loadSnapshotChunk(
  { stateSync }: Application,
  { height, format, chunk }: RequestLoadSnapshotChunk,
): ResponseLoadSnapshotChunk {
  return { chunk: stateSync?.load(height, format, chunk) ?? new Uint8Array() };
}

/** A chunk that is not the one of the offer is fetched again, from others than its sender. */
export function applySnapshotChunk(
  { stateSync }: Application,
  { index, chunk, sender }: RequestApplySnapshotChunk,
): ResponseApplySnapshotChunk {
  const verdict = stateSync?.apply(index, chunk);
  const damaged = verdict === 'retry';
  return {
    result: verdict === undefined ? ResponseApplySnapshotChunk_Result.ABORT : CHUNK[verdict],
    refetchChunks: damaged ? [index] : [],
    rejectSenders: damaged && sender !== '' ? [sender] : [],
  };
}
