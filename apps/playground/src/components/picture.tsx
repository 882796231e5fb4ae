import { useState } from 'react';
import { artifactPath } from '../api.ts';

interface PictureProps {
  readonly sha256: string;
  readonly alt: string;
}

/**
 * A revealed file, scaled smoothly: what models paint is shaded, and at a scale that is no whole
 * number sharp pixels come out uneven. The pixel comparison shows them sharp.
 */
export function Picture({ sha256, alt }: PictureProps) {
  const [state, setState] = useState<'loading' | 'loaded' | 'failed'>('loading');
  if (state === 'failed') return <div className="picture picture-failed">File not available</div>;
  return (
    <img
      className="picture"
      data-state={state}
      src={artifactPath(sha256)}
      alt={alt}
      onLoad={() => setState('loaded')}
      onError={() => setState('failed')}
    />
  );
}
