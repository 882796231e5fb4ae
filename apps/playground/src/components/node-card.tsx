import type { GridHash, Member } from '../job.ts';
import { memberStatus, shareDone } from '../member-status.ts';
import { letterOf } from '../node-name.ts';
import { shortAddress } from '../short-form.ts';
import { Developing } from './developing.tsx';
import { NodeResult } from './node-result.tsx';
import { Picture } from './picture.tsx';
import { StandingTag } from './standing-tag.tsx';

interface NodeCardProps {
  readonly member: Member;
  readonly index: number;
  readonly prompt: string;
  readonly kind: GridHash;
  /** The delivered picture's hash, once there is one. */
  readonly against: string | null;
  /** Whether this member's file is the one delivered. */
  readonly delivered: boolean;
}

const LOST = ['late', 'withheld', 'fault'];

/** One node of the committee: its work, then its result. */
export function NodeCard(props: NodeCardProps) {
  const { member, index, prompt, kind, against, delivered } = props;
  const name = `Node ${letterOf(index)}`;
  const status = memberStatus(member);
  const lost = LOST.includes(member.state);
  return (
    <article
      className="node-card"
      data-testid="node-card"
      data-state={member.state}
      data-standing={member.standing ?? ''}
      aria-label={`${name}, ${member.role}`}
    >
      <header>
        <span className="letter">{letterOf(index)}</span>
        <div>
          <h3 title={member.runtime}>{member.runtime}</h3>
          <p className="node-names">
            <span>{member.role}</span>
            <span title={member.node}>{shortAddress(member.node)}</span>
          </p>
        </div>
      </header>
      <div className="node-picture">
        {member.sha256 === null ? (
          <Developing
            share={shareDone(member)}
            state={lost ? 'lost' : member.state === 'committed' ? 'sealed' : 'working'}
            label={`${name}: ${status}`}
          />
        ) : (
          <Picture sha256={member.sha256} alt={`${prompt}, painted by node ${letterOf(index)}`} />
        )}
      </div>
      <p className="node-status">
        <span>{status}</span>
        {member.standing !== null && (
          <StandingTag standing={member.standing} delivered={delivered} />
        )}
      </p>
      {member.fault !== null && <p className="node-fault">{member.fault}</p>}
      <NodeResult member={member} kind={kind} against={against} />
    </article>
  );
}
