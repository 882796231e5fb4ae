import { bitDistance } from '../hash-bits.ts';
import type { GridHash, Member } from '../job.ts';
import { inBits } from '../number-words.ts';
import { shortDigest } from '../short-form.ts';
import { Amount } from './amount.tsx';
import { HashGrid } from './hash-grid.tsx';

interface NodeResultProps {
  readonly member: Member;
  readonly kind: GridHash;
  readonly against: string | null;
}

/** What is known of a revealed file: its hash, its bytes, its distance, its pay. */
export function NodeResult({ member, kind, against }: NodeResultProps) {
  const { hashes, sha256, bytes, standing, payout } = member;
  if (hashes === null || sha256 === null) return null;
  const hash = hashes[kind];
  return (
    <div className="node-result">
      <HashGrid hash={hash} kind={kind} against={against} />
      <dl>
        <div>
          <dt>File</dt>
          <dd className="mono" title={`SHA-256 ${sha256}`}>
            {shortDigest(sha256)}
          </dd>
        </div>
        {bytes !== null && (
          <div>
            <dt>Size</dt>
            <dd>{bytes.toLocaleString('en-US')} B</dd>
          </div>
        )}
        {against !== null && (
          <div>
            <dt>Distance</dt>
            <dd>{inBits(bitDistance(hash, against))}</dd>
          </div>
        )}
        {standing !== null && payout !== null && (
          <div>
            <dt>Paid</dt>
            <dd>
              <Amount usem={payout} />
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
