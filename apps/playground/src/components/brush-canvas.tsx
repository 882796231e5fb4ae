import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { drawStrokes, extended, type Point, type Stroke } from '../strokes.ts';

interface BrushCanvasProps {
  /** Pixels a side. */
  readonly side: number;
  readonly strokes: readonly Stroke[];
  /** Of the brush, as a share of the side. */
  readonly brush: number;
  /** What is painted here, for those who cannot see it. */
  readonly label: string;
  readonly onStrokes: (strokes: readonly Stroke[]) => void;
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Share of the side that an arrow key moves the brush by. */
const STEP = 1 / 32;
const CENTRE: Point = { x: 0.5, y: 0.5 };

/**
 * A square to paint on with mouse, pen, finger or keys: arrows move the brush, Space dabs, and with
 * Shift the arrows draw. Its pixels are those of the picture, so they show as they will count.
 */
export function BrushCanvas({ side, strokes, brush, label, onStrokes }: BrushCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<Point | null>(null);
  const latest = useRef(strokes);
  latest.current = strokes;

  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!pen || !canvas.current) return;
    pen.clearRect(0, 0, side, side);
    pen.strokeStyle = getComputedStyle(canvas.current).color;
    drawStrokes(pen, strokes, side);
  }, [strokes, side]);

  const change = (next: readonly Stroke[]) => {
    latest.current = next;
    onStrokes(next);
  };
  const begin = (point: Point) => change([...latest.current, { width: brush, points: [point] }]);
  const go = (point: Point) => change(extended(latest.current, point));

  const pointOf = ({ clientX, clientY, currentTarget }: PointerEvent): Point => {
    const box = currentTarget.getBoundingClientRect();
    return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
  };
  const press = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    begin(pointOf(event));
  };
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    setAt(pointOf(event));
    if (event.currentTarget.hasPointerCapture(event.pointerId)) go(pointOf(event));
  };
  const key = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    const here = at ?? CENTRE;
    if (event.key === ' ') begin(here);
    else if (arrow) {
      const [x, y] = [clamp(here.x + arrow[0] * STEP), clamp(here.y + arrow[1] * STEP)];
      if (event.shiftKey) change([...latest.current, { width: brush, points: [here, { x, y }] }]);
      setAt({ x, y });
    } else if (event.key === 'z' && (event.ctrlKey || event.metaKey)) {
      change(latest.current.slice(0, -1));
    } else return;
    event.preventDefault();
  };

  return (
    <div
      className="brush"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is painted on by keys
      tabIndex={0}
      aria-label={`${label} Arrow keys move the brush, Space dabs, Shift and arrows draw, Control Z takes back.`}
      onFocus={() => setAt((known) => known ?? CENTRE)}
      onBlur={() => setAt(null)}
      onKeyDown={key}
    >
      <canvas
        ref={canvas}
        className="brush-canvas"
        width={side}
        height={side}
        onPointerDown={press}
        onPointerMove={move}
        onPointerLeave={() => setAt(null)}
      />
      {at !== null && (
        <svg className="brush-ring" viewBox="0 0 1 1" aria-hidden="true">
          <circle cx={at.x} cy={at.y} r={brush / 2} />
        </svg>
      )}
    </div>
  );
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}
