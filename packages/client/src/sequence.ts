import type { Account } from './query.ts';

/**
 * Hands out an account's sequence numbers one at a time, so that transactions of one signer sent
 * at the same moment never collide. Only the sending is serial; waiting for a block is not.
 */
export interface SequenceBook {
  /**
   * Runs `send` with the account's number and next sequence. When `send` reports a mismatch the
   * account is read again and `send` runs once more.
   */
  use<T>(address: string, send: (account: Account) => Promise<T>): Promise<T>;
  /** The next use reads the account from the chain. */
  forget(address: string): void;
}

/** Thrown by `send` when the chain expected another sequence, which it may have named. */
export class SequenceMismatch extends Error {
  readonly expected: bigint | undefined;
  constructor(expected: bigint | undefined, cause: unknown) {
    super('account sequence mismatch', { cause });
    this.expected = expected;
  }
}

/** Thrown by `send` when the chain refused and so did not use up the sequence. */
export class NotSent extends Error {
  constructor(cause: unknown) {
    super('not sent', { cause });
  }
}

export function createSequenceBook(load: (address: string) => Promise<Account>): SequenceBook {
  const known = new Map<string, Account>();
  const tails = new Map<string, Promise<unknown>>();

  const attempt = async <T>(address: string, send: (account: Account) => Promise<T>) => {
    const account = known.get(address) ?? (await load(address));
    // Until the outcome is certain the account counts as unknown.
    known.delete(address);
    try {
      const sent = await send(account);
      known.set(address, { ...account, sequence: account.sequence + 1n });
      return sent;
    } catch (error) {
      if (error instanceof NotSent) known.set(address, account);
      throw error;
    }
  };

  const sendWithResync = async <T>(address: string, send: (account: Account) => Promise<T>) => {
    try {
      return await attempt(address, send);
    } catch (error) {
      if (!(error instanceof SequenceMismatch)) throw error;
      const fresh = await load(address);
      // The pool may already hold transactions that the committed state does not show.
      const { expected = fresh.sequence } = error;
      known.set(address, { ...fresh, sequence: expected });
      return attempt(address, send);
    }
  };

  return {
    use: async (address, send) => {
      const before = tails.get(address) ?? Promise.resolve();
      const turn = before.then(() => sendWithResync(address, send));
      const settled = turn.catch(() => {});
      tails.set(address, settled);
      try {
        return await turn;
      } catch (error) {
        throw error instanceof NotSent || error instanceof SequenceMismatch ? error.cause : error;
      } finally {
        if (tails.get(address) === settled) tails.delete(address);
      }
    },
    forget: (address) => void known.delete(address),
  };
}
