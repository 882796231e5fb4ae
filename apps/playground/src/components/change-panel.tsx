import { type FormEvent, useState } from 'react';
import { maskFile } from '../canvas-files.ts';
import { resultSizeOf } from '../job.ts';
import type { Change, Going } from '../order.ts';
import type { Stroke } from '../strokes.ts';
import { BrushCanvas } from './brush-canvas.tsx';
import { BrushControls } from './brush-controls.tsx';
import { describedBy, Field } from './field.tsx';
import { Picture } from './picture.tsx';
import { SliderField } from './slider-field.tsx';

interface ChangePanelProps {
  readonly going: Going;
  readonly kind: 'vary' | 'paint';
  /** The words that the picture was painted from. */
  readonly prompt: string;
  readonly sending: boolean;
  readonly onChange: (change: Change) => void;
}

const USUAL_BRUSH = 0.16;
const USUAL_STRENGTH = { vary: 0.5, paint: 1 } as const;

/** Says how the picture is to change; to paint over it, shows where as well. */
export function ChangePanel({ going, kind, prompt, sending, onChange }: ChangePanelProps) {
  const [words, setWords] = useState(prompt);
  const [strength, setStrength] = useState<number>(USUAL_STRENGTH[kind]);
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [brush, setBrush] = useState(USUAL_BRUSH);
  const side = resultSizeOf(going.job.request).width;
  const isReady = words.trim() !== '' && (kind === 'vary' || strokes.length > 0);

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || sending) return;
    const mask = kind === 'paint' ? await maskFile(strokes, side) : null;
    onChange({ prompt: words, strength, mask });
  };

  return (
    <form className="change" data-kind={kind} onSubmit={(event) => void send(event)}>
      {kind === 'paint' && (
        <div className="change-canvas">
          <Picture sha256={going.sha256} alt="" />
          <BrushCanvas
            side={side}
            strokes={strokes}
            brush={brush}
            label="The picture: paint where it is to change."
            onStrokes={setStrokes}
          />
        </div>
      )}
      <div className="change-fields">
        {kind === 'paint' && (
          <BrushControls
            brush={brush}
            strokes={strokes}
            onBrush={setBrush}
            onStrokes={setStrokes}
          />
        )}
        <Field
          param="change"
          label={kind === 'paint' ? 'What to paint there' : 'What to show'}
          error={null}
        >
          <input
            {...describedBy('change', null)}
            type="text"
            value={words}
            placeholder="Say what to paint"
            onChange={(event) => setWords(event.target.value)}
          />
        </Field>
        <SliderField
          param="strength"
          label="How far from the picture"
          error={null}
          value={strength}
          min={0.1}
          max={1}
          step={0.05}
          onChange={setStrength}
        />
        <button type="submit" className="button button-main" disabled={!isReady || sending}>
          {sending ? 'Sending' : kind === 'paint' ? 'Paint it over' : 'Vary it'}
        </button>
        {kind === 'paint' && strokes.length === 0 && (
          <p className="change-hint">
            Paint on the picture first. All that you leave stays as it is.
          </p>
        )}
      </div>
    </form>
  );
}
