import type { Context } from '../../context.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { MODULE_ACCOUNTS } from '../auth/module-account.ts';
import { getBalance, transferFeeCoin } from '../bank/keeper.ts';

/** Fixes which account earns for a block producer, both 20 bytes. */
export function setProducer(state: State, consensusAddress: Uint8Array, account: Uint8Array): void {
  state.set(keyOf(PREFIX.producer, consensusAddress), account);
}

/** Who is paid for a block: its producer's account, else the community pool. */
export function producerAccount(state: Reader, proposer: Uint8Array): Uint8Array {
  return state.get(keyOf(PREFIX.producer, proposer)) ?? MODULE_ACCOUNTS.communityPool;
}

/** Hands the block's gas fees to its producer. */
export function payProducer(context: Context): void {
  const { state, block, params } = context;
  const fees = getBalance(state, MODULE_ACCOUNTS.feeCollector, params.ml.bondDenom);
  const account = producerAccount(state, block.proposer);
  transferFeeCoin(context, MODULE_ACCOUNTS.feeCollector, account, fees);
}
