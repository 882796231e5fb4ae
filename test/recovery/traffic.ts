import { type SequenceResponse, StargateClient } from '@cosmjs/stargate';
import { type EncodedMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';
import { rpc, until } from '../cometbft/network.ts';

/* Transactions for a chain behind CometBFT's RPC, whichever engine serves it. */

/** Whoever signs on a chain. */
export interface Signing {
  readonly url: string;
  readonly chainId: string;
  readonly signer: Wallet;
}

/** Sends one transaction and returns the height at which it succeeded. */
export async function deliver(
  signing: Signing,
  ...messages: readonly EncodedMessage[]
): Promise<number> {
  const [sent = ''] = await submit(signing, messages);
  const hash = Buffer.from(sent, 'hex').toString('base64');
  const { height, tx_result: result } = await until(`transaction ${sent}`, () =>
    rpc(signing.url, 'tx', { hash }),
  );
  if (result.code !== 0) throw new Error(result.log);
  return Number(height);
}

/** Puts transactions into the pool, one for each list of messages, in this order. */
export async function submit(
  { url, chainId, signer }: Signing,
  ...transactions: readonly (readonly EncodedMessage[])[]
): Promise<string[]> {
  const { accountNumber, sequence } = await accountOf(url, signer.address);
  const hashes: string[] = [];
  for (const [i, messages] of transactions.entries()) {
    const signers = [
      { wallet: signer, accountNumber: BigInt(accountNumber), sequence: BigInt(sequence + i) },
    ];
    const tx = Buffer.from(signedTx(messages, signers, { chainId })).toString('base64');
    const { code, log, hash } = await rpc(url, 'broadcast_tx_sync', { tx });
    if (code !== 0) throw new Error(log);
    hashes.push(hash);
  }
  return hashes;
}

async function accountOf(url: string, address: string): Promise<SequenceResponse> {
  const client = await StargateClient.connect(url);
  try {
    return await client.getSequence(address);
  } finally {
    client.disconnect();
  }
}
