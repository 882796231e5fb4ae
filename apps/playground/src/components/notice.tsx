import type { ReactNode } from 'react';

interface NoticeProps {
  readonly title: string;
  readonly children?: ReactNode;
}

/** A quiet place where nothing is yet. */
export function Notice({ title, children }: NoticeProps) {
  return (
    <div className="notice">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
