import { useEffect, useState } from 'react';
import { artifactPath } from '../api.ts';
import type { Pixels } from '../pixel-difference.ts';

/** Pixels exactly as the file holds them: no colour management, no smoothing. */
async function loadPixels(sha256: string): Promise<Pixels> {
  const response = await fetch(artifactPath(sha256));
  if (!response.ok) throw new Error(`The picture did not load (${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob(), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (context === null) throw new Error('This browser cannot read pixels.');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

type LoadedPixels = Pixels | 'loading' | 'failed';

export function usePixels(sha256: string): LoadedPixels {
  const [loaded, setLoaded] = useState<LoadedPixels>('loading');
  useEffect(() => {
    let stopped = false;
    setLoaded('loading');
    loadPixels(sha256).then(
      (pixels) => !stopped && setLoaded(pixels),
      () => !stopped && setLoaded('failed'),
    );
    return () => {
      stopped = true;
    };
  }, [sha256]);
  return loaded;
}
