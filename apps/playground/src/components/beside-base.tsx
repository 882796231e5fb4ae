import { type PointerEvent, useState } from 'react';
import { type Job, resultSizeOf } from '../job.ts';
import { doneIn } from '../mode-words.ts';
import { type Base, baseOf, type Stages } from '../stages.ts';
import type { Point } from '../strokes.ts';
import { Choice } from './choice.tsx';
import { Picture } from './picture.tsx';

interface BesideBaseProps {
  readonly job: Job;
  readonly stages: Stages;
}

const LOOKS = [
  { value: 'whole', label: 'Whole' },
  { value: 'close', label: '3× closer' },
] as const;
type Look = (typeof LOOKS)[number]['value'];
const CLOSER = 3;
const CENTRE: Point = { x: 0.5, y: 0.5 };

/**
 * The delivered picture and the one it was made from at one scale, to see what has come of it. A
 * mouse over one of them, or a finger on it, looks closer at the same place of both.
 */
export function BesideBase({ job, stages }: BesideBaseProps) {
  const [look, setLook] = useState<Look>('whole');
  const [at, setAt] = useState(CENTRE);
  const [over, setOver] = useState(false);
  const base = baseOf(job, stages);
  if (base === null || job.result === null) return null;

  const pointAt = ({ currentTarget, clientX, clientY, pointerType }: PointerEvent) => {
    const box = currentTarget.getBoundingClientRect();
    setAt({ x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height });
    if (pointerType === 'mouse') setOver(true);
    else setLook('close');
  };
  const scale = over || look === 'close' ? CLOSER : 1;
  const sides = [
    { name: 'Before', sha256: base.sha256, words: wordsOf(base) },
    { name: 'After', sha256: job.result, words: `${doneIn(job.request)}, ${sizeOf(job)}` },
  ];
  return (
    <section className="beside" aria-labelledby="beside">
      <div className="section-head">
        <h2 id="beside">Before and after</h2>
        <Choice legend="How close" name="look" value={look} options={LOOKS} onChange={setLook} />
      </div>
      <div className="beside-sides">
        {sides.map(({ name, sha256, words }) => (
          <figure key={name}>
            <div
              className="beside-frame"
              onPointerDown={pointAt}
              onPointerMove={pointAt}
              onPointerLeave={() => setOver(false)}
            >
              <div
                style={{
                  transform: `scale(${scale})`,
                  transformOrigin: `${at.x * 100}% ${at.y * 100}%`,
                }}
              >
                <Picture sha256={sha256} alt={`${name}: ${words}`} />
              </div>
            </div>
            <figcaption>
              <b>{name}</b> {words}
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}

function wordsOf({ stage }: Base): string {
  return stage === null ? 'The file it began from' : `${doneIn(stage.request)}, ${sizeOf(stage)}`;
}

function sizeOf({ request }: Job): string {
  const { width, height } = resultSizeOf(request);
  return `${width} × ${height}`;
}
