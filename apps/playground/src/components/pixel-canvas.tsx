import { useEffect, useRef } from 'react';
import type { Pixels } from '../pixel-difference.ts';

interface PixelCanvasProps {
  readonly pixels: Pixels;
  readonly label: string;
}

/** Pixels drawn one to one; the style sheet enlarges them without smoothing. */
export function PixelCanvas({ pixels, label }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width, height, data } = pixels;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      className="pixel-canvas"
      width={pixels.width}
      height={pixels.height}
      role="img"
      aria-label={label}
    />
  );
}
