import { createApplication } from '@semblance/chain/app';
import { runSolo, type SoloChain, type SoloOptions } from './solo/run.ts';

export type { SoloChain, SoloOptions } from './solo/run.ts';

/** Runs the Semblance chain in this process: one validator, blocks on demand, CometBFT's RPC. */
export function startSolo(options: SoloOptions): Promise<SoloChain> {
  return runSolo(options, (store) =>
    createApplication({ store, chainId: options.genesis.chain_id }),
  );
}
