import { profileNamed, type RuntimeProfile } from '@semblance/inference/profiles';
import type { Adversary } from '../adversaries/adversary.ts';
import { ADVERSARIES } from '../adversaries/all.ts';
import type { StudyPlan } from './plan.ts';

/** Work that one loaded pipeline does, job after job. */
export type Lane = PictureLane | ReplayLane;

export interface PictureLane {
  readonly kind: 'pictures';
  readonly name: string;
  readonly profile: RuntimeProfile;
  /** Whether the profile's own honest picture is kept. */
  readonly honest: boolean;
  readonly adversaries: readonly Adversary[];
}

/** Steps of some jobs, run again by other profiles: takes every pipeline. */
interface ReplayLane {
  readonly kind: 'replays';
  readonly name: 'replays';
}

/**
 * One lane a profile; adversaries go with the reference profile unless they run on one of their
 * own, which is then a lane too.
 */
export function lanesOf(plan: StudyPlan): Lane[] {
  const adversaries = ADVERSARIES.filter(({ name }) => plan.adversaries.includes(name));
  const lanes: Lane[] = plan.profiles.map((name, at) => ({
    kind: 'pictures',
    name,
    profile: profileNamed(name),
    honest: true,
    adversaries: at === 0 ? adversaries.filter(runsOnReference) : [],
  }));
  for (const adversary of adversaries) {
    if (adversary.makes.way !== 'run' || adversary.makes.profile === undefined) continue;
    const { profile } = adversary.makes;
    lanes.push({
      kind: 'pictures',
      name: profile.name,
      profile,
      honest: false,
      adversaries: [adversary],
    });
  }
  lanes.push({ kind: 'replays', name: 'replays' });
  return lanes;
}

/** The names of the pictures that a lane makes of every job. */
export function sourcesOf(lane: PictureLane): string[] {
  return [...(lane.honest ? [lane.name] : []), ...lane.adversaries.map(({ name }) => name)];
}

function runsOnReference({ makes }: Adversary): boolean {
  return makes.way === 'alter' || (makes.way === 'run' && makes.profile === undefined);
}
