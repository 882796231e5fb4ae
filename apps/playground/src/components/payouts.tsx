import type { Job } from '../job.ts';
import { letterOf } from '../node-name.ts';
import { Amount } from './amount.tsx';

interface Share {
  readonly to: string;
  readonly kind: 'node' | 'producer' | 'refund';
  readonly usem: bigint;
}

function sharesOf(job: Job): Share[] {
  const nodes = job.committee.map((member, index) => ({
    to: `Node ${letterOf(index)}`,
    kind: 'node' as const,
    usem: member.payout ?? 0n,
  }));
  return [
    ...nodes,
    { to: 'Block producer', kind: 'producer' as const, usem: job.payouts.producer },
    { to: 'Back to the requester', kind: 'refund' as const, usem: job.payouts.refund },
  ].filter(({ usem }) => usem > 0n);
}

/** Where the fee went when it left escrow, to scale. */
export function Payouts({ job }: { readonly job: Job }) {
  const shares = sharesOf(job);
  return (
    <div className="payouts">
      <p>
        <Amount usem={job.fee} /> left escrow:
      </p>
      <div className="payout-bar" aria-hidden="true">
        {shares.map(({ to, kind, usem }) => (
          <span
            key={to}
            className="payout-part"
            data-kind={kind}
            style={{ flexGrow: Number(usem) }}
          />
        ))}
      </div>
      <ul>
        {shares.map(({ to, kind, usem }) => (
          <li key={to} data-kind={kind}>
            {to} <Amount usem={usem} />
          </li>
        ))}
      </ul>
    </div>
  );
}
