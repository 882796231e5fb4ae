import { useEffect, useState } from 'react';
import { getStatus, isAway } from './api.ts';
import { AwayBanner } from './components/away-banner.tsx';
import { BlocksPage } from './components/blocks-page.tsx';
import { Header } from './components/header.tsx';
import { JobsPage } from './components/jobs-page.tsx';
import { NodesPage } from './components/nodes-page.tsx';
import { Notice } from './components/notice.tsx';
import { SkipLink } from './components/skip-link.tsx';
import { Studio, type StudioProps } from './components/studio.tsx';
import type { Draft } from './draft.ts';
import { usePolled } from './hooks/use-polled.ts';
import { useRoute } from './hooks/use-route.ts';
import type { Route } from './route.ts';

const EVERY_MS = 3_000;

const TITLES: Readonly<Record<Route['page'], string>> = {
  create: 'Semblance',
  job: 'Job · Semblance',
  jobs: 'Jobs · Semblance',
  nodes: 'Nodes · Semblance',
  blocks: 'Blocks · Semblance',
  unknown: 'Not found · Semblance',
};

/** On a phone the composer leaves with its focus; the new page takes it. */
function keepFocus(): void {
  if (!document.activeElement?.checkVisibility()) {
    document.getElementById('main')?.focus({ preventScroll: true });
  }
}

export function App() {
  const route = useRoute();
  const status = usePolled(getStatus, EVERY_MS);
  const [draft, setDraft] = useState<Draft | null>(null);
  const away = status.failure !== null && isAway(status.failure);

  useEffect(() => {
    document.title = TITLES[route.page];
    window.scrollTo(0, 0);
    keepFocus();
  }, [route]);

  return (
    <>
      <SkipLink />
      <Header page={route.page} status={status.value} away={away} />
      <AwayBanner away={away} />
      <main id="main" tabIndex={-1}>
        <Page route={route} draft={draft} onDraft={setDraft} />
      </main>
    </>
  );
}

interface PageProps extends Omit<StudioProps, 'jobId' | 'next'> {
  readonly route: Route;
}

function Page({ route, draft, onDraft }: PageProps) {
  switch (route.page) {
    case 'create':
    case 'job':
      return (
        <Studio
          jobId={route.page === 'job' ? route.id : null}
          next={route.page === 'job' ? route.next : null}
          draft={draft}
          onDraft={onDraft}
        />
      );
    case 'jobs':
      return <JobsPage />;
    case 'nodes':
      return <NodesPage />;
    case 'blocks':
      return <BlocksPage />;
    case 'unknown':
      return (
        <Notice title="Nothing is here">
          <p>The address leads nowhere in this playground.</p>
          <a className="button" href="#/">
            Back to the start
          </a>
        </Notice>
      );
  }
}
