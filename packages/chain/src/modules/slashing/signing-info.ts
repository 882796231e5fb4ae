import type { Context } from '../../context.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';

/** How a validator has voted lately. It is known by its consensus address, 20 bytes. */
export interface SigningInfo {
  readonly address: Uint8Array;
  /** Height of the first vote that counts. */
  readonly startHeight: bigint;
  /** Blocks of the window in which votes are counted. */
  readonly window: bigint;
  /** How many of them lack its vote: as many as `missed` has bits. */
  readonly missedBlocks: bigint;
  /** 0 when it was never jailed. */
  readonly jailedUntilMs: bigint;
  /** It signed two blocks for one height and never comes back. */
  readonly tombstoned: boolean;
}

const infoKey = (address: Uint8Array) => keyOf(PREFIX.slashingInfo, address);

export function getSigningInfo(state: Reader, address: Uint8Array): SigningInfo | undefined {
  const bytes = state.get(infoKey(address));
  return bytes && decodeSigningInfo(address, bytes);
}

export function decodeSigningInfo(address: Uint8Array, bytes: Uint8Array): SigningInfo {
  const integers = decodeIntegers(bytes);
  const [startHeight = 0n, window = 0n, missedBlocks = 0n] = integers;
  const [, , , jailedUntilMs = 0n, tombstoned = 0n] = integers;
  return {
    address,
    startHeight,
    window,
    missedBlocks,
    jailedUntilMs,
    tombstoned: tombstoned === 1n,
  };
}

export function setSigningInfo({ state }: Context, info: SigningInfo): void {
  const { address, startHeight, window, missedBlocks, jailedUntilMs, tombstoned } = info;
  const flag = tombstoned ? 1n : 0n;
  const bytes = encodeIntegers(startHeight, window, missedBlocks, jailedUntilMs, flag);
  state.set(infoKey(address), bytes);
}

/** Begins to count a validator's votes, from a height on; what it did before is kept. */
export function startCounting(
  context: Context,
  address: Uint8Array,
  startHeight: bigint,
): SigningInfo {
  const before = getSigningInfo(context.state, address);
  const info = {
    address,
    startHeight,
    window: context.params.slashing.window,
    missedBlocks: 0n,
    jailedUntilMs: before?.jailedUntilMs ?? 0n,
    tombstoned: before?.tombstoned ?? false,
  };
  for (const [key] of context.state.range(...keysUnder(keyOf(PREFIX.slashingMissed, address)))) {
    context.state.delete(key);
  }
  setSigningInfo(context, info);
  return info;
}
