import type { ReactNode } from 'react';
import type { Polled } from '../hooks/use-polled.ts';
import { FailureNotice } from './failure-notice.tsx';
import { Notice } from './notice.tsx';

interface PolledSectionProps<T> {
  readonly polled: Polled<readonly T[]>;
  /** What is being loaded, in the plural. */
  readonly noun: string;
  readonly emptyWords: string;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** A polled list in whichever state it is: failed, loading, empty or here. */
export function PolledSection<T>(props: PolledSectionProps<T>) {
  const { polled, noun, emptyWords, children } = props;
  if (polled.value !== null) {
    if (polled.value.length > 0) return children(polled.value);
    return (
      <Notice title={`No ${noun} yet`}>
        <p>{emptyWords}</p>
      </Notice>
    );
  }
  if (polled.failure !== null) {
    return <FailureNotice failure={polled.failure} retry={polled.retry} />;
  }
  return <div className="skeleton" role="status" aria-label={`Loading ${noun}`} />;
}
