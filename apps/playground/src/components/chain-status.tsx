import type { Status } from '../network.ts';

export interface ChainStatusProps {
  readonly status: Status | null;
  /** The sequencer does not answer. */
  readonly away: boolean;
}

/** The chain's pulse: where it is now, or that it cannot be seen. */
export function ChainStatus({ status, away }: ChainStatusProps) {
  const state = away ? 'away' : status === null ? 'waiting' : 'live';
  return (
    <p className="chain-status" data-state={state}>
      <span className="pulse" aria-hidden="true" />
      {away ? 'No connection' : status === null ? 'Connecting' : <Height status={status} />}
    </p>
  );
}

function Height({ status }: { readonly status: Status }) {
  return (
    <span>
      <span className="chain-id">{status.chainId}</span>
      <span className="chain-facts">
        block <b>{status.height.toLocaleString('en-US')}</b>
        <span className="chain-nodes"> · {status.nodes} nodes</span>
      </span>
    </span>
  );
}
