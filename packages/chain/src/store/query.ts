import type { QueryResult } from '../application.ts';
import { RefusedError, sdkErrors } from '../errors.ts';
import type { Multistore } from './multistore.ts';
import { STORES } from './prefixes.ts';

const PATH = /^\/store\/([a-z]+)\/key$/;

/** Keys that state can hold are no longer. */
const MAX_KEY = 255;

/** The store of which a path asks a key; undefined for other paths. */
export const storeOf = (path: string): string | undefined => PATH.exec(path)?.[1];

export interface StoreQuery {
  readonly store: string;
  readonly key: Uint8Array;
  readonly height: bigint;
  readonly prove: boolean;
}

/** A key's value, empty when it is not there, and the proof of that if it is asked for. */
export function queryStore(
  trees: Multistore,
  { store, key, height, prove }: StoreQuery,
): Pick<QueryResult, 'key' | 'value' | 'proof'> {
  if (key.length === 0 || key.length > MAX_KEY) {
    throw new RefusedError(sdkErrors.invalidRequest, `data: a key is 1 to ${MAX_KEY} bytes`);
  }
  if (!STORES.some(({ name }) => name === store)) {
    throw new RefusedError(sdkErrors.unknownRequest, `no such store: ${store}`);
  }
  const state = trees.at(height);
  if (state === undefined) {
    throw new RefusedError(sdkErrors.invalidHeight, `height ${height} is not kept`);
  }
  const value = state.get(store, key) ?? new Uint8Array(0);
  if (!prove) return { key, value };
  const proof = state.prove(store, key);
  if (proof === undefined) {
    throw new RefusedError(sdkErrors.invalidRequest, `store ${store} is empty and proves nothing`);
  }
  return { key, value, proof };
}
