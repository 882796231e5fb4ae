import type { GridHash, Job } from '../job.ts';
import { titleOf } from '../mode-words.ts';
import { NodeCard } from './node-card.tsx';

interface CommitteeProps {
  readonly job: Job;
  readonly kind: GridHash;
}

/** The member whose file is delivered: the first in the majority that holds it. */
function deliveredIndex(job: Job): number {
  return job.committee.findIndex(
    ({ sha256, standing }) => sha256 !== null && sha256 === job.result && standing === 'majority',
  );
}

export function Committee({ job, kind }: CommitteeProps) {
  const delivered = deliveredIndex(job);
  const against = job.committee[delivered]?.hashes?.[kind] ?? null;
  if (job.committee.length === 0) return <EmptySeats seats={job.committeeSize} />;
  return (
    <div className="committee" data-size={job.committee.length}>
      {job.committee.map((member, index) => (
        <NodeCard
          key={member.node}
          member={member}
          index={index}
          prompt={titleOf(job.request)}
          kind={kind}
          against={against}
          delivered={index === delivered}
        />
      ))}
    </div>
  );
}

/** Seats that the chain has still to fill. */
function EmptySeats({ seats }: { readonly seats: number }) {
  return (
    <div className="committee" data-size={seats} aria-hidden="true">
      {Array.from({ length: seats }, (_, seat) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a seat is its place
        <div key={seat} className="node-card empty-seat">
          <div className="node-picture" />
        </div>
      ))}
    </div>
  );
}
