import { isAway } from '../api.ts';

interface FailureNoticeProps {
  readonly failure: Error;
  readonly retry?: () => void;
}

/** Says what went wrong; when the sequencer is only away, that it is being called again. */
export function FailureNotice({ failure, retry }: FailureNoticeProps) {
  return (
    <div className="notice" role="alert" data-testid="error">
      <h2>{isAway(failure) ? 'The sequencer is away' : 'This did not work'}</h2>
      <p>
        {isAway(failure)
          ? 'It is asked again every few seconds. Nothing on the chain is lost.'
          : failure.message}
      </p>
      {retry !== undefined && (
        <button type="button" className="button" onClick={retry}>
          Try again now
        </button>
      )}
    </div>
  );
}
