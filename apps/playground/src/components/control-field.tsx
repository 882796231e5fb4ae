import { useEffect, useId, useRef, useState } from 'react';
import { asError } from '../as-error.ts';
import { dataUrlOf, drawnPixels, fittedPixels } from '../canvas-files.ts';
import { blackAndWhite, edgesOf, silhouetteOf } from '../control-picture.ts';
import type { ControlPicture } from '../draft.ts';
import type { Pixels } from '../pixel-difference.ts';
import type { Stroke } from '../strokes.ts';
import { BrushCanvas } from './brush-canvas.tsx';
import { BrushControls } from './brush-controls.tsx';
import { Choice } from './choice.tsx';
import type { FieldError } from './field.tsx';
import { Picture } from './picture.tsx';
import { PixelCanvas } from './pixel-canvas.tsx';
import { SliderField } from './slider-field.tsx';

interface ControlFieldProps {
  readonly control: ControlPicture | null;
  /** Pixels a side of the picture to come. */
  readonly side: number;
  readonly error: FieldError | null;
  readonly onChange: (control: ControlPicture | null) => void;
}

type Way = 'draw' | 'silhouette' | 'edges';

const WAYS: readonly { value: Way; label: string }[] = [
  { value: 'draw', label: 'Draw' },
  { value: 'silhouette', label: 'Silhouette' },
  { value: 'edges', label: 'Edges' },
];
const USUAL_BRUSH = 0.12;

/** A shape for the picture to follow: drawn, or taken from a file in this browser. */
export function ControlField({ control, side, error, onChange }: ControlFieldProps) {
  const [way, setWay] = useState<Way>('draw');
  const [file, setFile] = useState<File | null>(null);
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [brush, setBrush] = useState(USUAL_BRUSH);
  const made = useControlPixels(way, file, strokes, side);
  const scale = control?.scale ?? 1;
  const fileId = useId();

  // The file is ready a moment later, when other fields may have changed.
  const latest = useRef({ scale, onChange });
  latest.current = { scale, onChange };
  useEffect(() => {
    if (made === null || made instanceof Error) return;
    let stopped = false;
    void dataUrlOf(made).then((picture) => {
      if (!stopped) latest.current.onChange({ picture, scale: latest.current.scale });
    });
    return () => {
      stopped = true;
    };
  }, [made]);

  const draw = (next: readonly Stroke[]) => {
    setStrokes(next);
    if (next.length === 0) onChange(null);
  };
  const forget = () => {
    setStrokes([]);
    setFile(null);
    onChange(null);
  };
  const kept = control?.picture.startsWith('sha256:') ? control.picture.slice(7) : null;

  return (
    <div className="control">
      <Choice
        legend="Where the shape is from"
        name="control"
        value={way}
        options={WAYS}
        onChange={(next) => {
          setWay(next);
          onChange(null);
        }}
      />
      {way === 'draw' ? (
        <>
          <div className="control-board">
            {kept !== null && strokes.length === 0 && <Picture sha256={kept} alt="The shape" />}
            <BrushCanvas
              side={side}
              strokes={strokes}
              brush={brush}
              label="A shape to follow: draw it."
              onStrokes={draw}
            />
          </div>
          <BrushControls brush={brush} strokes={strokes} onBrush={setBrush} onStrokes={draw} />
        </>
      ) : (
        <>
          <label className="button control-file" htmlFor={fileId}>
            {file === null ? 'Choose a picture' : 'Choose another'}
            <input
              id={fileId}
              type="file"
              accept="image/*"
              data-testid="control-file"
              onChange={(event) => setFile(event.target.files?.[0] ?? null)}
            />
          </label>
          {made instanceof Error && <p className="field-error">{made.message}</p>}
          {made !== null && !(made instanceof Error) && (
            <div className="control-board">
              <PixelCanvas pixels={made} label="The shape that the picture will follow" />
            </div>
          )}
        </>
      )}
      {control !== null && (
        <>
          <SliderField
            param="conditioning_scale"
            label="How closely"
            error={error}
            value={scale}
            min={0}
            max={2}
            step={0.1}
            onChange={(next) => onChange({ ...control, scale: next })}
          />
          <button type="button" className="button" onClick={forget}>
            Follow no shape
          </button>
        </>
      )}
      <p className="control-note">
        White on black, made in this browser. The file itself stays with you.
      </p>
    </div>
  );
}

/** The control picture, null while there is nothing to make it from. */
function useControlPixels(
  way: Way,
  file: File | null,
  strokes: readonly Stroke[],
  side: number,
): Pixels | Error | null {
  const [made, setMade] = useState<Pixels | Error | null>(null);
  useEffect(() => {
    let stopped = false;
    const make = async (): Promise<Pixels | Error | null> => {
      if (way === 'draw')
        return strokes.length === 0 ? null : blackAndWhite(drawnPixels(strokes, side));
      if (file === null) return null;
      const pixels = await fittedPixels(file, side).catch(() => null);
      if (pixels === null)
        return new Error(`${file.name} is no picture that this browser can read.`);
      return way === 'edges' ? edgesOf(pixels) : silhouetteOf(pixels);
    };
    make().then(
      (pixels) => !stopped && setMade(pixels),
      (thrown: unknown) => !stopped && setMade(asError(thrown)),
    );
    return () => {
      stopped = true;
    };
  }, [way, file, strokes, side]);
  return made;
}
