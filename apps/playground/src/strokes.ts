/** A point of a square, 0..1 from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One stroke of a round brush; a single point is a dab. */
export interface Stroke {
  /** Of the brush, as a share of the square's side. */
  readonly width: number;
  readonly points: readonly Point[];
}

type Pen = Pick<
  CanvasRenderingContext2D,
  'beginPath' | 'lineCap' | 'lineJoin' | 'lineTo' | 'lineWidth' | 'moveTo' | 'stroke'
>;

/** Draws strokes on a square of `side` pixels in the pen's own colour and manner. */
export function drawStrokes(pen: Pen, strokes: readonly Stroke[], side: number): void {
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  for (const { width, points } of strokes) {
    const [first] = points;
    if (first === undefined) continue;
    pen.lineWidth = width * side;
    pen.beginPath();
    pen.moveTo(first.x * side, first.y * side);
    // A dab is a line to where it is.
    for (const { x, y } of points) pen.lineTo(x * side, y * side);
    pen.stroke();
  }
}

/** The strokes with a point more at the end of the last one. */
export function extended(strokes: readonly Stroke[], point: Point): readonly Stroke[] {
  const last = strokes.at(-1);
  if (last === undefined) return strokes;
  return [...strokes.slice(0, -1), { ...last, points: [...last.points, point] }];
}
