import type { Application } from '@semblance/chain/application';
import {
  idOf,
  NODES,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
import { createValidator, delegate } from '../../packages/chain/test/support/staking.ts';
import {
  type EncodedMessage,
  sendMessage,
  signedTx,
} from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';

/* What a chain takes, for mutations to begin from. */

export interface Place {
  readonly chainId: string;
  /** Of the account whose validator one may delegate to. */
  readonly validator: Wallet;
}

/** Signed transactions of many kinds, each good as the first of its signer. */
export function goodTxs({ chainId, validator }: Place): Uint8Array[] {
  const job = request();
  const node = NODES[0] as Wallet;
  const work = workOf(node, idOf(job), picture());
  const signed = (wallet: Wallet, accountNumber: bigint, ...messages: EncodedMessage[]) =>
    signedTx(messages, [{ wallet, accountNumber, sequence: 0n }], { chainId });
  const pay = sendMessage(REQUESTER.address, node.address, 5n);
  return [
    signed(REQUESTER, 0n, pay),
    signed(REQUESTER, 0n, pay, pay, pay),
    signed(REQUESTER, 0n, submitMessage(job)),
    signed(REQUESTER, 0n, delegate(REQUESTER, validator, 1_000_000n)),
    signed(REQUESTER, 0n, createValidator(REQUESTER, 1_000_000n)),
    signed(node, 1n, work.commit),
    signed(node, 1n, work.reveal()),
  ];
}

/** State as anybody sees it from outside. */
export function stateOf(app: Application): string {
  const { height, appHash } = app.info();
  return `${height} ${Buffer.from(appHash).toString('hex')}`;
}
