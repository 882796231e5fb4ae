import { RefusedError, sdkErrors } from './errors.ts';

/** What everything costs that is not a message's own doing. */
export const GAS = {
  transaction: 10_000n,
  /** A byte of the signed body: what every validator must carry and keep. */
  bodyByte: 2n,
  signature: 1_000n,
} as const;

/** Counts gas up to a limit. */
export class GasMeter {
  readonly limit: bigint;
  #used = 0n;

  constructor(limit: bigint) {
    this.limit = limit;
  }

  get used(): bigint {
    return this.#used;
  }

  /** Throws a refusal once the limit is passed; what was asked for counts as used. */
  consume(amount: bigint, what: string): void {
    this.#used += amount;
    if (this.#used > this.limit) {
      throw new RefusedError(
        sdkErrors.outOfGas,
        `out of gas in location: ${what}; gasWanted: ${this.limit}, gasUsed: ${this.#used}`,
      );
    }
  }
}
