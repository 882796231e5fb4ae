import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { ValidatorUpdate, Vote } from '../../src/application.ts';

/** Consensus address of an ed25519 key. */
export const consensusAddress = (publicKey: Uint8Array): Uint8Array =>
  sha256(publicKey).slice(0, 20);

type ValidatorSet = ReadonlyMap<string, ValidatorUpdate>;

/** The engine's sets of validators: what a block decides acts two blocks later, as in CometBFT. */
export class ValidatorSets {
  /** Of the block made last, the one made next and the one after. */
  #sets: [ValidatorSet, ValidatorSet, ValidatorSet];

  constructor(genesis: readonly ValidatorUpdate[]) {
    const first = apply(new Map(), genesis);
    this.#sets = [new Map(), first, first];
  }

  /** Votes on the block made last. */
  votes(isSigned: (address: Uint8Array) => boolean = () => true): Vote[] {
    return [...this.#sets[0].values()].map(({ publicKey, power }) => {
      const address = consensusAddress(publicKey);
      return { validator: { address, power }, signed: isSigned(address) };
    });
  }

  /** Who makes the next block. */
  get next(): readonly ValidatorUpdate[] {
    return [...this.#sets[1].values()];
  }

  /** Goes on by a block, of which these are the updates. */
  advance(updates: readonly ValidatorUpdate[]): void {
    const [, made, next] = this.#sets;
    this.#sets = [made, next, apply(next, updates)];
  }
}

/** Refuses what CometBFT refuses: doubles, the removal of a stranger, an empty set. */
function apply(set: ValidatorSet, updates: readonly ValidatorUpdate[]): ValidatorSet {
  const changed = new Map(set);
  const seen = new Set<string>();
  for (const update of updates) {
    const name = toHex(update.publicKey);
    if (seen.has(name)) throw new Error(`${name} is updated twice`);
    seen.add(name);
    if (update.power > 0n) changed.set(name, update);
    else if (!changed.delete(name)) throw new Error(`${name} is no validator`);
  }
  if (changed.size === 0 && set.size > 0) throw new Error('no validator is left');
  return changed;
}
