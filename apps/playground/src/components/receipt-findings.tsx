import type { ReceiptVerdict } from '@semblance/client/check-receipt';
import type { Job } from '../job.ts';
import { letterOf } from '../node-name.ts';

interface ReceiptFindingsProps {
  readonly job: Job;
  readonly verdict: ReceiptVerdict;
}

const MARKS = { pass: '✓', fail: '✗', skipped: '–' } as const;

function summary({ valid, checks }: ReceiptVerdict): string {
  const passed = checks.filter(({ outcome }) => outcome === 'pass').length;
  const failed = checks.filter(({ outcome }) => outcome === 'fail').length;
  if (!valid) return `${failed} of ${checks.length} checks fail. Do not rely on this receipt.`;
  return `${passed} checks pass, none fails. Worked out in this browser.`;
}

/** What a recheck found, line by line. */
export function ReceiptFindings({ job, verdict }: ReceiptFindingsProps) {
  const about = (node: string | undefined) => {
    const index = job.committee.findIndex((member) => member.node === node);
    return index < 0 ? '' : ` of ${letterOf(index)}`;
  };
  return (
    <div className="findings" data-valid={verdict.valid}>
      <p className="findings-summary">{summary(verdict)}</p>
      <ul>
        {verdict.checks.map(({ name, node, outcome, detail }) => (
          <li key={`${name} ${node ?? ''}`} data-outcome={outcome}>
            <span aria-hidden="true">{MARKS[outcome]}</span>
            <b>
              {name.replaceAll('-', ' ')}
              {about(node)}
              <span className="unseen">: {outcome}</span>
            </b>
            <span>{detail}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
