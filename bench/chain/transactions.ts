import { genesisOf } from '../../packages/chain/test/support/chain.ts';
import { sendMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';

export const CHAIN_ID = 'semblance-bench-3';

/** Transactions for both applications, of equal length, which no one order needs. */
export interface Transactions {
  readonly appState: unknown;
  readonly semblance: readonly string[];
  readonly kvstore: readonly string[];
}

/** Each transfer is of an account of its own, so that none waits for another. */
export function makeTransactions(count: number): Transactions {
  const senders = Array.from({ length: count }, (_, i) => wallet(`bench sender ${i}`));
  const semblance = senders.map((sender, i) => {
    const receiver = senders[(i * 7919 + 1) % count] ?? sender;
    const message = sendMessage(sender.address, receiver.address, 1n);
    const signer = { wallet: sender, accountNumber: BigInt(i), sequence: 0n };
    return signedTx([message], [signer], { chainId: CHAIN_ID, gas: 200_000n });
  });
  const kvstore = semblance.map(({ length }, i) => Buffer.from(`k${i}=`.padEnd(length, 'v')));
  const base64 = (txs: readonly Uint8Array[]) =>
    txs.map((tx) => Buffer.from(tx).toString('base64'));
  return {
    appState: genesisOf({
      balances: senders.map((of) => ({ of, usem: 1_000_000n })),
      staking: { validators: [] },
    }),
    semblance: base64(semblance),
    kvstore: base64(kvstore),
  };
}
