import { type SyntheticEvent, useState } from 'react';
import { artifactPath } from '../api.ts';

/** Below this many pixels across, a picture is shown pixel by pixel. */
const PIXEL_ART_WIDTH = 256;

interface PictureProps {
  readonly sha256: string;
  readonly alt: string;
}

/** A revealed file. Small ones keep their pixels sharp, large ones are scaled smoothly. */
export function Picture({ sha256, alt }: PictureProps) {
  const [state, setState] = useState<'loading' | 'pixels' | 'smooth' | 'failed'>('loading');
  const loaded = ({ currentTarget }: SyntheticEvent<HTMLImageElement>) =>
    setState(currentTarget.naturalWidth < PIXEL_ART_WIDTH ? 'pixels' : 'smooth');
  if (state === 'failed') return <div className="picture picture-failed">File not available</div>;
  return (
    <img
      className="picture"
      data-state={state}
      src={artifactPath(sha256)}
      alt={alt}
      onLoad={loaded}
      onError={() => setState('failed')}
    />
  );
}
