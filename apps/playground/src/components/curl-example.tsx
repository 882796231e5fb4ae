import { curlOf, type Draft } from '../draft.ts';

/** The composer's request as the OpenAI-compatible call that any program can make. */
export function CurlExample({ draft }: { readonly draft: Draft }) {
  return (
    <details className="fold">
      <summary>The same by curl</summary>
      <pre className="code">
        <code>{curlOf(draft, window.location.origin)}</code>
      </pre>
    </details>
  );
}
