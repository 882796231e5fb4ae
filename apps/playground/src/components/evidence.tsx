import { useState } from 'react';
import { distancesBy } from '../distances.ts';
import type { GridHash, Job } from '../job.ts';
import { letterOf } from '../node-name.ts';
import { inBits } from '../number-words.ts';
import { DistanceMatrix, type Pair } from './distance-matrix.tsx';
import { PixelComparison } from './pixel-comparison.tsx';

interface EvidenceProps {
  readonly job: Job;
  readonly kind: GridHash;
}

/** The first two revealed results. */
function firstPair(job: Job): Pair | null {
  const [a, b] = job.committee.flatMap(({ sha256 }, index) => (sha256 === null ? [] : [index]));
  return a === undefined || b === undefined ? null : [a, b];
}

/** The distances between all results and a magnifying glass for two of them. */
export function Evidence({ job, kind }: EvidenceProps) {
  const [picked, setPicked] = useState<Pair | null>(null);
  const [comparing, setComparing] = useState(false);
  const pair = picked ?? firstPair(job);
  const distances = distancesBy(job, kind);
  const sides = pair?.map((index) => {
    const sha256 = job.committee[index]?.sha256 ?? null;
    return sha256 === null ? null : { letter: letterOf(index), sha256 };
  });
  const [a, b] = sides ?? [];
  const pick = (next: Pair) => {
    setPicked(next);
    setComparing(true);
  };
  return (
    <section className="evidence" aria-labelledby="evidence">
      <h2 id="evidence">How alike</h2>
      <div className="evidence-parts">
        <div>
          <DistanceMatrix
            distances={distances}
            thresholdBits={job.thresholdBits}
            pair={comparing ? pair : null}
            onPick={pick}
          />
          <p className="evidence-note">
            {inBits(job.thresholdBits)} or fewer is alike. Pick a cell to compare its pixels.
          </p>
        </div>
        {a && b && (
          <div>
            <button
              type="button"
              className="button"
              aria-expanded={comparing}
              onClick={() => setComparing(!comparing)}
            >
              {comparing ? 'Hide' : 'Show'} the pixel difference of {a.letter} and {b.letter}
            </button>
            {comparing && <PixelComparison key={a.sha256 + b.sha256} a={a} b={b} />}
          </div>
        )}
      </div>
    </section>
  );
}
