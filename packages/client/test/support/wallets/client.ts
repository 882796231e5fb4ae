import type { JobRequest } from '@semblance/proto/ml';
import type { WalletChain } from './chain.ts';

export const SIGN_MODES = ['direct', 'amino'] as const;
export type SignMode = (typeof SIGN_MODES)[number];

/** What the tests do with each of the clients that others wrote. */
export interface WalletClient {
  chainId(): Promise<string>;
  /** How much usem the account holds. */
  balance(): Promise<string>;
  /** Submits a job and resolves with its transaction's hash, in hex, once that has succeeded. */
  submit(request: JobRequest, mode: SignMode): Promise<string>;
  /** Delegates usem to the chain's validator with the client's own message; resolves as `submit`. */
  delegate(amount: string, mode: SignMode): Promise<string>;
  /** Tells the hashes of transactions from now on; resolves once it listens. Missing where a client cannot. */
  watch?(onTransaction: (hash: string) => void): Promise<void>;
  close(): void | Promise<void>;
}

export type ConnectWallet = (chain: WalletChain) => Promise<WalletClient>;
