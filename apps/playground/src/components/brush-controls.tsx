import type { Stroke } from '../strokes.ts';
import { SliderField } from './slider-field.tsx';

interface BrushControlsProps {
  readonly brush: number;
  readonly strokes: readonly Stroke[];
  readonly onBrush: (brush: number) => void;
  readonly onStrokes: (strokes: readonly Stroke[]) => void;
}

/** Of the brush, in hundredths of the side. */
const [FINEST, BROADEST] = [4, 40];

/** How broad the brush is, and how to take strokes back. */
export function BrushControls({ brush, strokes, onBrush, onStrokes }: BrushControlsProps) {
  const isBlank = strokes.length === 0;
  return (
    <div className="brush-controls">
      <SliderField
        param="brush"
        label="Brush, % of the side"
        error={null}
        value={Math.round(brush * 100)}
        min={FINEST}
        max={BROADEST}
        step={1}
        onChange={(hundredths) => onBrush(hundredths / 100)}
      />
      <div className="brush-undo">
        <button
          type="button"
          className="button"
          disabled={isBlank}
          onClick={() => onStrokes(strokes.slice(0, -1))}
        >
          Undo
        </button>
        <button type="button" className="button" disabled={isBlank} onClick={() => onStrokes([])}>
          Clear
        </button>
      </div>
    </div>
  );
}
