import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { decodeSigningInfo } from './signing-info.ts';

/** Sentences on what is broken: counts of missed blocks that are not what is marked. */
export function slashingInvariants(state: Reader): string[] {
  const broken: string[] = [];
  for (const [key, bytes] of state.range(...keysUnder(keyOf(PREFIX.slashingInfo)))) {
    const { address, missedBlocks } = decodeSigningInfo(key.subarray(1), bytes);
    const marked = [...state.range(...keysUnder(keyOf(PREFIX.slashingMissed, address)))].length;
    if (BigInt(marked) !== missedBlocks) {
      broken.push(`slashing: ${missedBlocks} blocks are counted as missed, ${marked} are marked`);
    }
  }
  return broken;
}
