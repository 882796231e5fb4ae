import { useCallback } from 'react';
import { ageOf } from '../age.ts';
import { listBlocks } from '../api.ts';
import { useNow } from '../hooks/use-now.ts';
import { usePolled } from '../hooks/use-polled.ts';
import type { Block } from '../network.ts';
import { shortDigest } from '../short-form.ts';
import { PageHead } from './page-head.tsx';
import { PolledSection } from './polled-section.tsx';

const SHOWN = 30;
const EVERY_MS = 2_000;

export function BlocksPage() {
  const blocks = usePolled(
    useCallback(() => listBlocks(SHOWN), []),
    EVERY_MS,
  );
  const now = useNow(1_000);
  return (
    <section className="page">
      <PageHead title="Blocks">
        What the chain has agreed on. The app hash pins the whole state: money, stakes, verdicts.
      </PageHead>
      <PolledSection polled={blocks} noun="blocks" emptyWords="The first block is on its way.">
        {(items) => (
          <table className="list" data-testid="blocks-table">
            <thead>
              <tr>
                <th scope="col">Height</th>
                <th scope="col">Time</th>
                <th scope="col" className="number">
                  Txs
                </th>
                <th scope="col">App hash</th>
                <th scope="col" className="aside">
                  Proposer
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((block) => (
                <BlockRow key={block.height} block={block} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </PolledSection>
    </section>
  );
}

function BlockRow({ block, now }: { readonly block: Block; readonly now: number }) {
  return (
    <tr className="arriving" data-busy={block.txs > 0}>
      <th scope="row" className="mono">
        {block.height.toLocaleString('en-US')}
      </th>
      <td>
        <time dateTime={new Date(block.time).toISOString()}>{ageOf(block.time, now)}</time>
      </td>
      <td className="number">{block.txs}</td>
      <td className="mono" title={block.appHash}>
        {shortDigest(block.appHash)}
      </td>
      <td className="mono aside" title={block.proposer}>
        {shortDigest(block.proposer)}
      </td>
    </tr>
  );
}
