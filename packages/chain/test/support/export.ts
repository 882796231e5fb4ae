import type { Genesis } from '../../src/application.ts';
import { getChainParams } from '../../src/chain-params.ts';
import type { ExportedState } from '../../src/exported-state.ts';
import { restoreState } from '../../src/restored-state.ts';
import type { TestChain } from './chain.ts';

/** The genesis of a chain that goes on from an exported state, as a file would give it. */
export function genesisAfter(
  { genesis, store }: Pick<TestChain, 'genesis' | 'store'>,
  exported: ExportedState,
): Genesis {
  const next = {
    ...genesis,
    block: { ...genesis.block, maxGas: getChainParams(store)?.maxBlockGas ?? -1n },
    initialHeight: BigInt(exported.height) + 1n,
    timeMs: BigInt(exported.time_ms),
    appState: JSON.parse(JSON.stringify(exported)) as unknown,
  };
  return { ...next, validators: restoreState(next).validators };
}
