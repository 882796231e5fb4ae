import { equals } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Genesis, ValidatorUpdate } from './application.ts';
import type { ChainParams } from './chain-params.ts';
import type { BlockInfo } from './context.ts';
import { parseGenesis, writeGenesis } from './genesis.ts';
import { isExportedState, restoreState } from './restored-state.ts';
import { EMPTY_READER } from './store/empty-reader.ts';
import { Overlay } from './store/overlay.ts';
import type { Entries } from './store/store.ts';

/** What a genesis comes to. */
export interface FirstState {
  readonly params: ChainParams;
  /** All of state, by ascending key. */
  readonly entries: Entries;
  /** Who makes the first blocks, where state knows better than the engine; else nobody. */
  readonly validators: readonly ValidatorUpdate[];
}

/**
 * The state from which a chain begins: a new one as its genesis describes it, or the exported one
 * that it holds. Throws InvalidInputError naming the field that is wrong.
 */
export function firstState(genesis: Genesis, block: BlockInfo): FirstState {
  const { chainId, initialHeight = 1n, appState } = genesis;
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,49}$/.test(chainId)) {
    throw new InvalidInputError('chain_id', 'not 1 to 50 letters, digits, dots or dashes');
  }
  if (isExportedState(appState)) {
    const restored = restoreState(genesis);
    checkEngineSet(restored.validators, genesis.validators);
    return restored;
  }
  if (initialHeight !== 1n)
    throw new InvalidInputError('initial_height', 'a new chain begins at 1');
  const parsed = parseGenesis(genesis);
  const state = new Overlay(EMPTY_READER);
  writeGenesis({ block, params: parsed.params, state, events: [] }, parsed);
  return { params: parsed.params, entries: entriesOf(state), validators: [] };
}

function* entriesOf(state: Overlay): Entries {
  for (const { key, value } of state.changes()) if (value !== undefined) yield [key, value];
}

/**
 * Who makes the first blocks must be those that state names. The embedded engine alone names one of
 * them, or one that has no stake: it is told of others and goes on by itself, as it always does.
 */
function checkEngineSet(
  inState: readonly ValidatorUpdate[],
  engineSet: readonly ValidatorUpdate[],
): void {
  if (inState.length === 0 || engineSet.length === 1) return;
  const given = engineSet.toSorted((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  const isSame =
    given.length === inState.length &&
    inState.every(({ publicKey, power }, i) => {
      const other = given[i] as ValidatorUpdate;
      return equals(publicKey, other.publicKey) && power === other.power;
    });
  if (isSame) return;
  throw new InvalidInputError('validators', 'not the keys and powers that app_state comes to');
}
