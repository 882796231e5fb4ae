import type { GridHash, Job } from '../job.ts';
import { Choice } from './choice.tsx';

interface HashSelectorProps {
  readonly job: Job;
  readonly value: GridHash;
  readonly onChange: (hash: GridHash) => void;
}

const HASHES: readonly { value: GridHash; label: string; meaning: string }[] = [
  {
    value: 'average',
    label: 'Average',
    meaning: 'Each bit: is this patch lighter than the average of all 64?',
  },
  {
    value: 'perceptual',
    label: 'Perceptual',
    meaning: 'Each bit: is this low frequency of the picture above the median?',
  },
  {
    value: 'difference',
    label: 'Difference',
    meaning: 'Each bit: is this patch lighter than its left neighbour?',
  },
];

/** Chooses the hash that the grids and the matrix show. */
export function HashSelector({ job, value, onChange }: HashSelectorProps) {
  const chosen = HASHES.find((hash) => hash.value === value);
  return (
    <div className="hash-selector">
      <Choice legend="Hash" name="hash" value={value} options={HASHES} onChange={onChange} />
      <p>
        {chosen?.meaning}{' '}
        {value === job.hash
          ? 'The verdict goes by this hash.'
          : `The verdict goes by the ${job.hash} hash.`}
      </p>
    </div>
  );
}
