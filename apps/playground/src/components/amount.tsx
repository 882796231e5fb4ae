import { inSem, inUsem } from '../amount.ts';

/** An amount in the chain's base unit with its conversion. */
export function Amount({ usem }: { readonly usem: bigint }) {
  return (
    <span className="amount">
      <span className="amount-usem">{inUsem(usem)}</span>{' '}
      <span className="amount-sem">{inSem(usem)}</span>
    </span>
  );
}
