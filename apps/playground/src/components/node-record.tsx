import type { Node } from '../network.ts';

/** A node's past judgements, as a bar to scale and in words. */
export function NodeRecord({ node }: { readonly node: Node }) {
  const parts = [
    { name: 'agreed', jobs: node.agreed },
    { name: 'dissented', jobs: node.dissented },
    { name: 'missed', jobs: node.missed },
    { name: node.faults === 1 ? 'fault' : 'faults', jobs: node.faults },
  ].filter(({ name, jobs }) => jobs > 0 || name === 'agreed');
  return (
    <div className="record">
      <span className="record-bar" aria-hidden="true">
        {parts.map(({ name, jobs }) => (
          <span key={name} data-kind={name} style={{ flexGrow: jobs }} />
        ))}
      </span>
      <span>{parts.map(({ name, jobs }) => `${jobs} ${name}`).join(' · ')}</span>
    </div>
  );
}
