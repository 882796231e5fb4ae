import { expect, it } from 'vitest';
import { drawStrokes, extended } from '../src/strokes.ts';

it('strokes are drawn at the size of the picture; a dab is a line to where it is', () => {
  const calls: unknown[] = [];
  const pen = {
    lineCap: 'butt' as CanvasLineCap,
    lineJoin: 'miter' as CanvasLineJoin,
    lineWidth: 0,
    beginPath: () => calls.push(['begin', pen.lineWidth]),
    moveTo: (x: number, y: number) => calls.push(['move', x, y]),
    lineTo: (x: number, y: number) => calls.push(['line', x, y]),
    stroke: () => calls.push(['stroke']),
  };
  drawStrokes(pen, [{ width: 0.25, points: [{ x: 0.5, y: 0.25 }] }], 64);
  expect(calls).toEqual([['begin', 16], ['move', 32, 16], ['line', 32, 16], ['stroke']]);
  expect(pen.lineCap).toBe('round');
});

it('a stroke grows at its end, the earlier ones stay', () => {
  const dab = { width: 0.1, points: [{ x: 0, y: 0 }] };
  const grown = extended([dab, dab], { x: 1, y: 1 });
  expect(grown[0]).toBe(dab);
  expect(grown[1]?.points).toHaveLength(2);
  expect(extended([], { x: 1, y: 1 })).toEqual([]);
});
