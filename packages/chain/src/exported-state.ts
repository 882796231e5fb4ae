import { isGivenByGenesis } from './chain-params.ts';
import { ApplicationError } from './errors.ts';
import { getMeta, requireFormat } from './meta.ts';
import type { Reader } from './store/overlay.ts';
import { STORES } from './store/prefixes.ts';

/** How records are laid out; another number once they are laid out differently. */
export const STATE_FORMAT = 'semblance-state-1';

/** Key and value of a record in base64. */
export type RecordJson = readonly [key: string, value: string];

/**
 * All of a chain's state as `app_state` of a genesis from which another one goes on: the records of
 * every store as they are, by ascending key. What the genesis itself says, the chain's id and the
 * gas limit of a block, is not in them.
 */
export interface ExportedState {
  readonly format: typeof STATE_FORMAT;
  /** The state is that after this block; the new chain's first one is the next. */
  readonly height: string;
  /** Unix milliseconds of that block: the new chain's time does not begin before. */
  readonly time_ms: string;
  readonly stores: Readonly<Record<string, readonly RecordJson[]>>;
}

/** The state that a store holds. The same state always gives the same export. */
export function exportState(state: Reader): ExportedState {
  requireFormat(state);
  const tip = getMeta(state);
  if (tip === undefined) throw new ApplicationError('NO_GENESIS', 'there is no state yet', {});
  return {
    format: STATE_FORMAT,
    height: tip.height.toString(),
    time_ms: tip.timeMs.toString(),
    stores: Object.fromEntries(STORES.map(({ name, group }) => [name, recordsOf(state, group)])),
  };
}

function recordsOf(state: Reader, group: number): RecordJson[] {
  const records: RecordJson[] = [];
  // Of the first group 0x00 is `meta`, which is beside state.
  const start = Uint8Array.of(group === 0 ? 1 : group << 4);
  for (const [key, value] of state.range(start, Uint8Array.of((group + 1) << 4))) {
    if (!isGivenByGenesis(key)) records.push([base64(key), base64(value)]);
  }
  return records;
}

const base64 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('base64');
