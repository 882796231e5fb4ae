import type { ChainEvent } from './application.ts';
import type { ChainParams } from './chain-params.ts';
import type { Reader, State } from './store/overlay.ts';

/** The block in which something runs: all that a handler may know of the world outside state. */
export interface BlockInfo {
  readonly height: bigint;
  /** Unix milliseconds of the header. */
  readonly timeMs: bigint;
  /** Consensus address of the producer, 20 bytes. */
  readonly proposer: Uint8Array;
}

/** State to read, and the constants that say how things are spelt in it. */
export interface View {
  readonly state: Reader;
  readonly params: ChainParams;
}

/** What a handler gets: the block, the chain's constants, the state to change, the events to fill. */
export interface Context {
  readonly block: BlockInfo;
  readonly params: ChainParams;
  readonly state: State;
  readonly events: ChainEvent[];
}
