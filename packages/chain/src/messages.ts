import type { Any } from 'cosmjs-types/google/protobuf/any';
import { RefusedError, sdkErrors } from './errors.ts';
import { msgSend } from './modules/bank/msg-send.ts';
import { fundCommunityPool } from './modules/distribution/messages/fund-community-pool.ts';
import { setWithdrawAddress } from './modules/distribution/messages/set-withdraw-address.ts';
import { withdrawDelegatorReward } from './modules/distribution/messages/withdraw-delegator-reward.ts';
import { withdrawValidatorCommission } from './modules/distribution/messages/withdraw-validator-commission.ts';
import { deposit } from './modules/gov/messages/deposit.ts';
import { submitProposal } from './modules/gov/messages/submit-proposal.ts';
import { vote } from './modules/gov/messages/vote.ts';
import { commit } from './modules/ml/messages/commit.ts';
import { registerModel } from './modules/ml/messages/register-model.ts';
import { registerNode } from './modules/ml/messages/register-node.ts';
import { reveal } from './modules/ml/messages/reveal.ts';
import { submitJob } from './modules/ml/messages/submit-job.ts';
import { unjailNode } from './modules/ml/messages/unjail-node.ts';
import { unregisterNode } from './modules/ml/messages/unregister-node.ts';
import { updateNode } from './modules/ml/messages/update-node.ts';
import { unjail } from './modules/slashing/unjail.ts';
import { beginRedelegate } from './modules/staking/messages/begin-redelegate.ts';
import { cancelUnbondingDelegation } from './modules/staking/messages/cancel-unbonding-delegation.ts';
import { createValidator } from './modules/staking/messages/create-validator.ts';
import { delegate } from './modules/staking/messages/delegate.ts';
import { editValidator } from './modules/staking/messages/edit-validator.ts';
import { undelegate } from './modules/staking/messages/undelegate.ts';
import { type Message, type MessageReader, messageReader } from './tx/message.ts';

/** Every message that a transaction may carry. */
const READERS: readonly MessageReader[] = [
  messageReader(msgSend),
  messageReader(createValidator),
  messageReader(editValidator),
  messageReader(delegate),
  messageReader(undelegate),
  messageReader(beginRedelegate),
  messageReader(cancelUnbondingDelegation),
  messageReader(unjail),
  messageReader(withdrawDelegatorReward),
  messageReader(withdrawValidatorCommission),
  messageReader(setWithdrawAddress),
  messageReader(fundCommunityPool),
  messageReader(submitProposal),
  messageReader(deposit),
  messageReader(vote),
  messageReader(registerNode),
  messageReader(updateNode),
  messageReader(unregisterNode),
  messageReader(unjailNode),
  messageReader(registerModel),
  messageReader(submitJob),
  messageReader(commit),
  messageReader(reveal),
];

const byTypeUrl = new Map(READERS.map((reader) => [reader.typeUrl, reader]));

/** Decodes a message strictly. Throws a refusal when its type is unknown or its bytes are wrong. */
export function readMessage({ typeUrl, value }: Any): Message {
  const reader = byTypeUrl.get(typeUrl);
  if (reader === undefined) {
    throw new RefusedError(sdkErrors.txDecode, `unable to resolve type URL ${quote(typeUrl)}`);
  }
  return reader.read(value);
}

/** Hostile text, short enough for a log. */
function quote(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
