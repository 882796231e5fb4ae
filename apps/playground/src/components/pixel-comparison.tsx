import { useMemo, useState } from 'react';
import { usePixels } from '../hooks/use-pixels.ts';
import { type Pixels, pixelDifference } from '../pixel-difference.ts';
import { Choice } from './choice.tsx';
import { PixelCanvas } from './pixel-canvas.tsx';

interface Side {
  readonly letter: string;
  readonly sha256: string;
}

interface PixelComparisonProps {
  readonly a: Side;
  readonly b: Side;
}

type Look = 'a' | 'b' | 'difference';
type Gain = '1' | '8' | '64';

/** The amplification that brings the largest difference nearest to white. */
function fittingGain(largest: number): Gain {
  if (largest <= 8) return '64';
  return largest <= 64 ? '8' : '1';
}

const GAINS: readonly { value: Gain; label: string }[] = [
  { value: '1', label: '×1' },
  { value: '8', label: '×8' },
  { value: '64', label: '×64' },
];

/** Two results in one place: look at one, at the other, or at what differs, amplified. */
export function PixelComparison({ a, b }: PixelComparisonProps) {
  const left = usePixels(a.sha256);
  const right = usePixels(b.sha256);
  if (left === 'failed' || right === 'failed') {
    return <p className="comparison-wait">One of the two files did not load.</p>;
  }
  if (left === 'loading' || right === 'loading') {
    return <p className="comparison-wait">Loading the pixels of both files.</p>;
  }
  return <Compared a={a} b={b} left={left} right={right} />;
}

interface ComparedProps extends PixelComparisonProps {
  readonly left: Pixels;
  readonly right: Pixels;
}

function Compared({ a, b, left, right }: ComparedProps) {
  const [look, setLook] = useState<Look>('difference');
  const [chosen, setChosen] = useState<Gain | null>(null);
  const plain = useMemo(() => pixelDifference(left, right, 1), [left, right]);
  const gain = chosen ?? fittingGain(plain?.largest ?? 0);
  const difference = useMemo(() => pixelDifference(left, right, Number(gain)), [left, right, gain]);
  if (difference === null) return <p className="comparison-wait">The two differ in size.</p>;
  const shown = look === 'a' ? left : look === 'b' ? right : difference.picture;
  const total = left.width * left.height;
  return (
    <div className="comparison">
      <PixelCanvas
        pixels={shown}
        label={
          look === 'difference'
            ? `Difference of ${a.letter} and ${b.letter}, amplified ${gain} times`
            : `Picture of node ${look === 'a' ? a.letter : b.letter}`
        }
      />
      <div className="comparison-side">
        <Choice
          legend="View"
          name="look"
          value={look}
          options={[
            { value: 'a', label: a.letter },
            { value: 'b', label: b.letter },
            { value: 'difference', label: 'Difference' },
          ]}
          onChange={setLook}
        />
        <Choice
          legend="Amplification"
          name="gain"
          value={gain}
          options={GAINS}
          onChange={setChosen}
        />
        <p>
          <b>{difference.differing.toLocaleString('en-US')}</b> of {total.toLocaleString('en-US')}{' '}
          pixels differ, by at most <b>{difference.largest}</b> of 255.
        </p>
        <p className="comparison-hint">
          {difference.differing === 0
            ? 'The same pixels exactly.'
            : `Flip between ${a.letter} and ${b.letter}: can you see it?`}
        </p>
      </div>
    </div>
  );
}
