import type { ReceiptVerdict } from '@semblance/client/check-receipt';
import { useState } from 'react';
import { receiptPath } from '../api.ts';
import { asError } from '../as-error.ts';
import type { Job } from '../job.ts';
import { ReceiptFindings } from './receipt-findings.tsx';

/** The receipt, and the means to check it here without trusting the server that gave it. */
export function ReceiptCheck({ job }: { readonly job: Job }) {
  const [state, setState] = useState<'idle' | 'checking' | ReceiptVerdict | Error>('idle');

  const check = async () => {
    setState('checking');
    try {
      const { recheckReceipt } = await import('../receipt-recheck.ts');
      const files = [...job.request.inputs, ...job.committee].flatMap(({ sha256 }) => sha256 ?? []);
      setState(await recheckReceipt(job.id, files));
    } catch (thrown) {
      setState(asError(thrown));
    }
  };

  return (
    <section className="receipt" aria-labelledby="receipt">
      <h2 id="receipt">The receipt</h2>
      <p className="receipt-words">
        Openings of the commitments, paths to the files, hashes, votes and payments. This page can
        go through it by itself, from the files up.
      </p>
      <div className="receipt-actions">
        <button
          type="button"
          className="button"
          disabled={state === 'checking'}
          onClick={() => void check()}
        >
          {state === 'checking' ? 'Checking' : 'Check it here'}
        </button>
        <a className="button" href={receiptPath(job.id)} target="_blank" rel="noreferrer">
          Receipt (JSON)
        </a>
      </div>
      <div role="status">
        {state instanceof Error && <p className="form-error">{state.message}</p>}
        {typeof state === 'object' && !(state instanceof Error) && (
          <ReceiptFindings job={job} verdict={state} />
        )}
      </div>
    </section>
  );
}
