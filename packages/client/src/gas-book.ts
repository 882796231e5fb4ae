/** What transactions of a kind used, so that not each of them has to be tried before it is sent. */
export interface GasBook {
  /**
   * Gas for `size` bytes of transaction. `simulate` runs for the first of a kind; a larger one later
   * is allowed more in proportion, a smaller one the same. That is enough for every kind whose gas is
   * a fixed part and a part by the byte.
   */
  estimate(kind: string, size: number, simulate: () => Promise<bigint>): Promise<bigint>;
  /** The next of the kind is simulated: a transaction failed, perhaps for want of gas. */
  forget(kind: string): void;
}

export function createGasBook(): GasBook {
  const book = new Map<string, { readonly size: number; readonly gas: bigint }>();
  return {
    estimate: async (kind, size, simulate) => {
      const known = book.get(kind);
      if (known === undefined) {
        const gas = await simulate();
        book.set(kind, { size, gas });
        return gas;
      }
      if (size <= known.size) return known.gas;
      const base = BigInt(known.size);
      return (known.gas * BigInt(size) + base - 1n) / base;
    },
    forget: (kind) => void book.delete(kind),
  };
}
