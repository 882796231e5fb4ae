import {
  type ResponseApplySnapshotChunk,
  ResponseApplySnapshotChunk_Result,
  type ResponseListSnapshots,
  type ResponseLoadSnapshotChunk,
  type ResponseOfferSnapshot,
  ResponseOfferSnapshot_Result,
} from 'cosmjs-types/tendermint/abci/types';

/*
 * State sync. There is no snapshot store yet: none is offered to others, and who asks for one to be
 * restored is told to give up rather than to look for a better one.
 */

export const listSnapshots = (): ResponseListSnapshots => ({ snapshots: [] });

export const offerSnapshot = (): ResponseOfferSnapshot => ({
  result: ResponseOfferSnapshot_Result.ABORT,
});

/** No bytes: there is no such chunk. */
export const loadSnapshotChunk = (): ResponseLoadSnapshotChunk => ({ chunk: new Uint8Array() });

export const applySnapshotChunk = (): ResponseApplySnapshotChunk => ({
  result: ResponseApplySnapshotChunk_Result.ABORT,
  refetchChunks: [],
  rejectSenders: [],
});
