import type { ValidatorUpdate } from '../../application.ts';
import type { View } from '../../context.ts';
import { indexedValidator, lastPowers } from './validators.ts';

/** A validator with the name that it gave itself. */
export interface NamedValidator extends ValidatorUpdate {
  readonly moniker: string;
}

/** Who was last chosen to make blocks, by ascending key; nobody if no stake was ever there. */
export function consensusSet(view: View): NamedValidator[] {
  return lastPowers(view.state)
    .map(([operator, power]) => {
      const { publicKey, description } = indexedValidator(view, operator);
      return { publicKey, power, moniker: description.moniker };
    })
    .sort((a, b) => Buffer.compare(a.publicKey, b.publicKey));
}
