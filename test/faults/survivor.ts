import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { type EncodedMessage, signedTx } from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';
import { rpc, until } from '../cometbft/network.ts';
import { followBlocks, hashOf, type TxOutcome } from './follow-blocks.ts';

/*
 * A client of a network whose validators come and go. It asks whoever is there, and sends the same
 * bytes again until they are in a block: the sequence in them lets them in once only.
 */

export interface Survivor {
  /** Undefined if it is refused, as by a validator that is behind. */
  query(path: string, data: Uint8Array): Promise<Uint8Array | undefined>;
  /**
   * Resolves when all messages have succeeded in blocks, in their order; rejects if one failed. What
   * a signer is asked for meanwhile waits.
   */
  deliver(signer: Wallet, messages: readonly EncodedMessage[]): Promise<void>;
  /** Resolves at the next block. */
  nextBlock(): Promise<void>;
  /** How often bytes had to be sent again. */
  readonly resent: () => number;
  close(): void;
}

const GAS = 100_000_000n;
/** More than these no transaction may have. */
const MOST_MESSAGES = 16;
/** What is not in one of so many blocks was lost with a validator. */
const PATIENCE_BLOCKS = 3;

/** `patienceMs` is how long the chain may stand still; default a minute. */
export function survivor(urls: readonly string[], chainId: string, patienceMs?: number): Survivor {
  const blocks = followBlocks(urls, patienceMs);
  /** The last delivery of each signer. */
  const queues = new Map<string, Promise<void>>();
  const accounts = new Map<string, BaseAccount>();
  let turn = 0;
  let resent = 0;

  /** Retried with others, unless `answerIn` finds an answer in the error. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests look at many shapes of JSON
  const ask = (method: string, params: object, answerIn?: (error: unknown) => any) =>
    until(`an answer to ${method}`, async () => {
      try {
        return await rpc(urls[turn % urls.length] as string, method, params);
      } catch (error) {
        const answer = answerIn?.(error);
        if (answer !== undefined) return answer;
        turn++;
        throw error;
      }
    });

  const query: Survivor['query'] = async (path, data) => {
    const { response } = await ask('abci_query', { path, data: Buffer.from(data).toString('hex') });
    return response.code === 0 ? Buffer.from(response.value ?? '', 'base64') : undefined;
  };

  const accountOf = async ({ address }: Wallet): Promise<BaseAccount> => {
    const request = QueryAccountRequest.encode({ address }).finish();
    const answer = await query('/cosmos.auth.v1beta1.Query/Account', request);
    if (answer === undefined) throw new Error(`no account ${address}`);
    return BaseAccount.decode(QueryAccountResponse.decode(answer).account?.value ?? answer);
  };

  const deliverOne = async (signer: Wallet, messages: readonly EncodedMessage[]) => {
    // Nobody else signs for them: asked again, a validator that is behind would tell an old sequence.
    const account = accounts.get(signer.address) ?? (await accountOf(signer));
    const { accountNumber, sequence } = account;
    const signers = [{ wallet: signer, accountNumber, sequence }];
    const { code, log } = await sendUntilIncluded(
      signedTx(messages, signers, { chainId, gas: GAS }),
    );
    if (code !== 0) throw new Error(log);
    accounts.set(signer.address, { ...account, sequence: sequence + 1n });
  };

  const sendUntilIncluded = async (bytes: Uint8Array): Promise<TxOutcome> => {
    const tx = Buffer.from(bytes).toString('base64');
    for (;;) {
      const { code, log } = await ask('broadcast_tx_sync', { tx }, knownAlready);
      if (![0, ALREADY_KNOWN, WRONG_SEQUENCE].includes(code)) throw new Error(log);
      const outcome = await outcomeOf(hashOf(bytes));
      if (outcome !== undefined) return outcome;
      resent++;
      turn++;
    }
  };

  const outcomeOf = async (hash: string): Promise<TxOutcome | undefined> => {
    for (let n = 0; n < PATIENCE_BLOCKS && blocks.outcomeOf(hash) === undefined; n++) {
      await blocks.next();
    }
    return blocks.outcomeOf(hash);
  };

  return {
    query,
    deliver(signer, messages) {
      const before = queues.get(signer.address) ?? Promise.resolve();
      const delivery = before.then(async () => {
        for (let at = 0; at < messages.length; at += MOST_MESSAGES) {
          await deliverOne(signer, messages.slice(at, at + MOST_MESSAGES));
        }
      });
      queues.set(signer.address, delivery);
      return delivery;
    },
    nextBlock: () => blocks.next(),
    resent: () => resent,
    close: () => blocks.close(),
  };
}

/** Codes of `sdk`: the pool has these bytes; the sequence is over, or its validator is behind. */
const ALREADY_KNOWN = 19;
const WRONG_SEQUENCE = 32;

/** CometBFT itself says so by an error. */
function knownAlready(error: unknown) {
  const isKnown = String(error).includes('already exists in cache');
  return isKnown ? { code: ALREADY_KNOWN, log: '' } : undefined;
}
