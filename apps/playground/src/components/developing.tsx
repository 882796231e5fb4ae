import { BAYER_8 } from '../bayer.ts';

interface DevelopingProps {
  /** 0..1 */
  readonly share: number;
  readonly state: 'working' | 'sealed' | 'lost';
  /** What the bar measures, for those who cannot see it. */
  readonly label: string;
}

/** A node's work before its picture may be seen: 64 cells that fill in dither order. */
export function Developing({ share, state, label }: DevelopingProps) {
  const filled = Math.round(share * BAYER_8.length);
  return (
    <div
      className="developing"
      data-state={state}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <svg viewBox="0 0 8 8" aria-hidden="true">
        {BAYER_8.map((rank, cell) => (
          <rect
            key={rank}
            x={(cell & 7) + 0.06}
            y={(cell >> 3) + 0.06}
            width="0.88"
            height="0.88"
            data-filled={rank < filled}
          />
        ))}
      </svg>
      {state === 'sealed' && <span className="seal">sealed</span>}
    </div>
  );
}
