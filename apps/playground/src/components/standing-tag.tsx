import type { Standing } from '../job.ts';

interface StandingTagProps {
  readonly standing: Standing;
  readonly delivered: boolean;
}

const TONES: Readonly<Record<Standing, 'agree' | 'differ' | 'wait'>> = {
  majority: 'agree',
  dissent: 'differ',
  late: 'wait',
  withheld: 'wait',
  fault: 'differ',
  undecided: 'wait',
};

/** How the chain judged a member. */
export function StandingTag({ standing, delivered }: StandingTagProps) {
  return (
    <span className="tag" data-tone={TONES[standing]}>
      {standing}
      {delivered && ', delivered'}
    </span>
  );
}
