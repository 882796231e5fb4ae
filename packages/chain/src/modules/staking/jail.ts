import type { Context } from '../../context.ts';
import { indexedValidator, setValidator } from './validators.ts';

/** Takes a validator out of the set from the end of this block on, until it is unjailed. */
export function jail(context: Context, operator: Uint8Array): void {
  const validator = indexedValidator(context, operator);
  if (!validator.jailed) setValidator(context, { ...validator, jailed: true });
}
