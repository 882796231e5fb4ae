import { fromUint64 } from '@semblance/core/bytes';
import type { Vote } from '../../application.ts';
import type { Context } from '../../context.ts';
import { ONE } from '../../decimal.ts';
import { event } from '../../events.ts';
import { keyOf, PREFIX, PRESENT } from '../../store/prefixes.ts';
import { formatConsensusAddress } from '../staking/consensus-key.ts';
import { jail } from '../staking/jail.ts';
import { slash } from '../staking/slash.ts';
import { indexedValidator, operatorAt } from '../staking/validators.ts';
import type { SlashingParams } from './params.ts';
import { getSigningInfo, type SigningInfo, setSigningInfo, startCounting } from './signing-info.ts';

/*
 * Downtime. Of the last blocks, a window of them, a validator must have signed a part. What it
 * missed stands under the height modulo the window, so that a block costs a look and no more.
 */

const missedKey = (address: Uint8Array, height: bigint, window: bigint) =>
  keyOf(PREFIX.slashingMissed, address, fromUint64(height % window));

/** Counts the votes on the block before, and punishes who has missed too many. */
export function countVotes(context: Context, votes: readonly Vote[]): void {
  for (const vote of votes) countVote(context, vote);
}

function countVote(context: Context, { validator: { address, power }, signed }: Vote): void {
  const { state, block, params } = context;
  const operator = operatorAt(state, address);
  if (operator === undefined) return;
  const height = block.height - 1n;
  const info = mark(context, countedFrom(context, address, height), height, signed);
  if (height < info.startHeight + info.window) return;
  if (info.missedBlocks <= info.window - leastSigned(params.slashing)) return;
  if (indexedValidator(context, operator).jailed) return;
  // The set of the block before was made of stakes of two blocks earlier.
  slash(context, operator, height - 1n, power, params.slashing.downtimeSlash);
  jail(context, operator);
  const restarted = startCounting(context, address, block.height);
  const jailedUntilMs = block.timeMs + params.slashing.downtimeJailMs;
  setSigningInfo(context, { ...restarted, jailedUntilMs });
  const attributes = {
    address: formatConsensusAddress(params, address),
    power: power.toString(),
    reason: 'missing_signature',
    jailed: formatConsensusAddress(params, address),
  };
  context.events.push(event('slash', attributes));
}

/** Counting begins anew for a validator that is new here, and when a vote has changed the window. */
function countedFrom(context: Context, address: Uint8Array, height: bigint): SigningInfo {
  const info = getSigningInfo(context.state, address);
  if (info?.window === context.params.slashing.window) return info;
  return startCounting(context, address, height);
}

function mark(context: Context, info: SigningInfo, height: bigint, signed: boolean): SigningInfo {
  const key = missedKey(info.address, height, info.window);
  const wasMissed = context.state.get(key) !== undefined;
  if (signed !== wasMissed) return info;
  if (signed) context.state.delete(key);
  else context.state.set(key, PRESENT);
  const missedBlocks = info.missedBlocks + (signed ? -1n : 1n);
  const marked = { ...info, missedBlocks };
  setSigningInfo(context, marked);
  return marked;
}

/** Of the window, to the nearest block. */
const leastSigned = ({ window, minSigned }: SlashingParams): bigint =>
  (window * minSigned + ONE / 2n) / ONE;
