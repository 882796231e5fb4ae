import { inSem, inUsem } from '../amount.ts';

/** An amount in the unit that people read; the chain's own unit shows when pointed at. */
export function Amount({ usem }: { readonly usem: bigint }) {
  return (
    <span className="amount" title={inUsem(usem)}>
      {inSem(usem)}
    </span>
  );
}
