import type { DistanceMatrix as Distances } from '../distances.ts';
import { letterOf } from '../node-name.ts';
import { inBits } from '../number-words.ts';

/** Two members by their places in the committee. */
export type Pair = readonly [number, number];

interface DistanceMatrixProps {
  readonly distances: Distances;
  readonly thresholdBits: number;
  readonly pair: Pair | null;
  readonly onPick: (pair: Pair) => void;
}

/** How many bits lie between any two results; a cell picks its pair for a closer look. */
export function DistanceMatrix(props: DistanceMatrixProps) {
  const { distances, thresholdBits, pair, onPick } = props;
  const picked = (a: number, b: number) => pair?.includes(a) === true && pair.includes(b);
  return (
    <table className="matrix" data-testid="matrix">
      <caption>Bits apart</caption>
      <thead>
        <tr>
          <td />
          {distances.map((_, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a member is its place
            <th key={column} scope="col">
              {letterOf(column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {distances.map((row, a) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a member is its place
          <tr key={a}>
            <th scope="row">{letterOf(a)}</th>
            {row.map((bits, b) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a member is its place
              <td key={b}>
                {a === b || bits === null ? (
                  <span className="matrix-none">{a === b ? '–' : '·'}</span>
                ) : (
                  <button
                    type="button"
                    data-alike={bits <= thresholdBits}
                    aria-pressed={picked(a, b)}
                    aria-label={`${letterOf(a)} and ${letterOf(b)}: ${inBits(bits)} apart, ${
                      bits <= thresholdBits ? 'alike' : 'not alike'
                    }. Compare pixels`}
                    onClick={() => onPick([a, b])}
                  >
                    {bits}
                  </button>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
