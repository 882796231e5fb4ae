import { bitDistance, bitsOf, differingBits } from '../hash-bits.ts';
import type { GridHash } from '../job.ts';
import { inBits } from '../number-words.ts';

interface HashGridProps {
  readonly hash: string;
  readonly kind: GridHash;
  /** The hash to compare with; its differing bits are marked. */
  readonly against: string | null;
}

function describe({ hash, kind, against }: HashGridProps): string {
  const name = `${kind} hash ${hash}`;
  if (against === null) return name;
  return `${name}, ${inBits(bitDistance(hash, against))} from the delivered picture`;
}

/** A 64-bit hash as the 8 by 8 cells it was read from. */
export function HashGrid(props: HashGridProps) {
  const { hash, against } = props;
  const differing = against === null ? [] : differingBits(hash, against);
  return (
    <svg
      className="hash-grid"
      viewBox="0 0 8 8"
      role="img"
      aria-label={describe(props)}
      data-testid="hash-grid"
    >
      {bitsOf(hash).map((bit, cell) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its position
          key={cell}
          x={(cell & 7) + 0.05}
          y={(cell >> 3) + 0.05}
          width="0.9"
          height="0.9"
          data-bit={bit ? 1 : 0}
          data-differs={differing[cell] ?? false}
        />
      ))}
    </svg>
  );
}
