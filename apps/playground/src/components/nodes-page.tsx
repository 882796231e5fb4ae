import { listNodes } from '../api.ts';
import { usePolled } from '../hooks/use-polled.ts';
import type { Node } from '../network.ts';
import { shortAddress } from '../short-form.ts';
import { Amount } from './amount.tsx';
import { NodeRecord } from './node-record.tsx';
import { PageHead } from './page-head.tsx';
import { PolledSection } from './polled-section.tsx';

const EVERY_MS = 5_000;

export function NodesPage() {
  const nodes = usePolled(listNodes, EVERY_MS);
  return (
    <section className="page">
      <PageHead title="Nodes">
        Machines that paint. Their stake answers for them; no two need to be alike.
      </PageHead>
      <PolledSection
        polled={nodes}
        noun="nodes"
        emptyWords="A node appears here as soon as it has staked and registered on the chain."
      >
        {(items) => (
          <table className="list list-cards" data-testid="nodes-table">
            <thead>
              <tr>
                <th scope="col">Runtime</th>
                <th scope="col">Status</th>
                <th scope="col">Record</th>
                <th scope="col" className="number">
                  Stake
                </th>
                <th scope="col" className="number">
                  Earned
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((node) => (
                <NodeRow key={node.address} node={node} />
              ))}
            </tbody>
          </table>
        )}
      </PolledSection>
    </section>
  );
}

function NodeRow({ node }: { readonly node: Node }) {
  return (
    <tr>
      <th scope="row">
        {node.runtime}
        <span className="mono sub" title={node.address}>
          {shortAddress(node.address)}
        </span>
      </th>
      <td data-label="Status">
        <NodeStatus node={node} />
      </td>
      <td data-label="Record">
        <NodeRecord node={node} />
      </td>
      <td data-label="Stake" className="number">
        <Amount usem={node.stake} />
      </td>
      <td data-label="Earned" className="number">
        <Amount usem={node.earned} />
      </td>
    </tr>
  );
}

function NodeStatus({ node }: { readonly node: Node }) {
  if (node.status === 'jailed') {
    const until = new Date(node.jailedUntil).toLocaleTimeString();
    return (
      <span className="tag" data-tone="differ" title={`Until ${until}`}>
        jailed
      </span>
    );
  }
  if (node.status === 'leaving') {
    return (
      <span className="tag" data-tone="wait">
        leaving
      </span>
    );
  }
  return (
    <span className="tag" data-tone={node.online ? 'agree' : 'wait'}>
      {node.online ? 'active' : 'active, silent'}
    </span>
  );
}
