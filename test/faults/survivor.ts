import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { type EncodedMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';
import { rpc, until } from '../cometbft/network.ts';

/*
 * A client of a network whose validators come and go. It asks whoever is there, and sends the same
 * bytes again until they are in a block: the sequence in them lets them in once only.
 */

export interface Survivor {
  query(path: string, data: Uint8Array): Promise<Uint8Array>;
  /** Resolves when all messages have succeeded in blocks, in their order; rejects if one failed. */
  deliver(signer: Wallet, messages: readonly EncodedMessage[]): Promise<void>;
  /** How often bytes had to be sent again. */
  readonly resent: () => number;
}

const GAS = 100_000_000n;
/** More than these no transaction may have. */
const MOST_MESSAGES = 16;
/** Blocks come many times as often; what is not in one by then was lost with a validator. */
const PATIENCE_MS = 8000;

export function survivor(urls: readonly string[], chainId: string): Survivor {
  let turn = 0;
  let sent = 0;
  let delivered = 0;

  // biome-ignore lint/suspicious/noExplicitAny: the tests look at many shapes of JSON
  const ask = (method: string, params: object): Promise<any> =>
    until(`an answer to ${method}`, async () => {
      try {
        return await rpc(urls[turn % urls.length] as string, method, params);
      } catch (error) {
        turn++;
        throw error;
      }
    });

  const query: Survivor['query'] = async (path, data) => {
    const { response } = await ask('abci_query', { path, data: Buffer.from(data).toString('hex') });
    if (response.code !== 0) throw new Error(`${path}: ${response.log}`);
    return Buffer.from(response.value ?? '', 'base64');
  };

  const accountOf = async ({ address }: Wallet): Promise<BaseAccount> => {
    const request = QueryAccountRequest.encode({ address }).finish();
    const answer = await query('/cosmos.auth.v1beta1.Query/Account', request);
    return BaseAccount.decode(QueryAccountResponse.decode(answer).account?.value ?? answer);
  };

  /** What became of a transaction, by whoever knows of it: one may be gone, another behind. */
  const included = async (hash: string) => {
    const answers = urls.map((url) => rpc(url, 'tx', { hash }));
    const { tx_result: result } = await Promise.any(answers);
    return result as { code: number; log: string };
  };

  const deliver: Survivor['deliver'] = async (signer, messages) => {
    for (let at = 0; at < messages.length; at += MOST_MESSAGES) {
      await deliverOne(signer, messages.slice(at, at + MOST_MESSAGES));
    }
  };

  const deliverOne = async (signer: Wallet, messages: readonly EncodedMessage[]) => {
    // A validator that is behind may tell an old sequence: then the bytes are made anew.
    for (;;) {
      const { accountNumber, sequence } = await accountOf(signer);
      const signers = [{ wallet: signer, accountNumber, sequence }];
      const tx = Buffer.from(signedTx(messages, signers, { chainId, gas: GAS })).toString('base64');
      const result = await sendUntilIncluded(tx);
      if (result === 'stale') continue;
      if (result.code !== 0) throw new Error(result.log);
      delivered++;
      return;
    }
  };

  const sendUntilIncluded = async (tx: string) => {
    for (;;) {
      sent++;
      const { code, hash, log } = await ask('broadcast_tx_sync', { tx });
      if (![0, ALREADY_KNOWN, WRONG_SEQUENCE].includes(code)) throw new Error(log);
      const base64 = Buffer.from(hash, 'hex').toString('base64');
      const result = await until('a block', () => included(base64), PATIENCE_MS).catch(() => {
        turn++;
      });
      if (result !== undefined) return result;
      // Not in a block, and not to come into one: the sequence that we were told was an old one.
      if (code === WRONG_SEQUENCE) return 'stale';
    }
  };
  return { query, deliver, resent: () => sent - delivered };
}

/** Codes of `sdk`: the pool has these bytes; the account's sequence does not match. */
const ALREADY_KNOWN = 19;
const WRONG_SEQUENCE = 32;
