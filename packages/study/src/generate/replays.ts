import { profileNamed, type RuntimeProfile } from '@semblance/inference/profiles';
import { relativeL2, replayOf } from '@semblance/inference/replay';
import type { Pipeline, RgbImage, Trajectory } from '@semblance/inference/text-to-image';
import type { Adversary, Alter } from '../adversaries/adversary.ts';
import { ADVERSARIES } from '../adversaries/all.ts';
import {
  type Asked,
  TRAJECTORY_ADVERSARIES,
  type TrajectoryAdversary,
} from '../adversaries/trajectory.ts';
import { jobAt, placeOf, replayedJobs, requestOf, type StudyPlan } from './plan.ts';
import type { PixelRecord, ReplayRecord } from './record.ts';

/** Opens a pipeline for as long as some work takes: one at a time, whatever the model's size. */
export type WithPipeline = <T>(
  profile: RuntimeProfile,
  work: (pipeline: Pipeline) => Promise<T>,
) => Promise<T>;

/** A trajectory that somebody committed to, and who replays it. */
interface Committed {
  readonly job: number;
  readonly committer: string;
  readonly replayer: string;
  readonly latents: readonly Float32Array[];
  readonly forged: readonly number[];
  /** Pictures that were delivered with it; for honest ones that of the last latent. */
  readonly delivered: readonly { readonly by: string; readonly image: RgbImage }[];
}

/**
 * Commits to trajectories of some jobs, honest and forged, and replays them. Each is replayed by
 * one other profile; over the jobs every pair of profiles has its turn.
 */
export async function replayJobs(
  plan: StudyPlan,
  jobs: readonly number[],
  withPipeline: WithPipeline,
): Promise<(ReplayRecord | PixelRecord)[]> {
  const committed: Committed[] = [];
  for (const name of plan.profiles) {
    await withPipeline(profileNamed(name), async (pipeline) => {
      for (const job of jobs) committed.push(await honest(plan, job, name, pipeline));
      if (name === plan.profiles[0]) {
        committed.push(...(await forgeOn(plan, jobs, pipeline, (one) => !one.profile)));
      }
    });
  }
  for (const adversary of trajectoriesOf(plan)) {
    const { profile } = adversary;
    if (profile === undefined) continue;
    await withPipeline(profile, async (pipeline) => {
      committed.push(...(await forgeOn(plan, jobs, pipeline, (one) => one === adversary)));
    });
  }
  await addAltered(plan, committed);

  const records: (ReplayRecord | PixelRecord)[] = [];
  for (const name of plan.profiles) {
    await withPipeline(profileNamed(name), async (pipeline) => {
      for (const one of committed) {
        if (one.replayer === name) records.push(...(await replay(plan, one, pipeline)));
      }
    });
  }
  return records;
}

/** The trajectory adversaries that a plan names. */
export function trajectoriesOf({ adversaries }: StudyPlan): TrajectoryAdversary[] {
  return TRAJECTORY_ADVERSARIES.filter(({ name }) => adversaries.includes(name));
}

/** The adversaries that a plan names whose last latent is honest and whose picture is not. */
export function alteringOf({ adversaries }: StudyPlan): (Adversary & { makes: Alter })[] {
  return ADVERSARIES.filter(
    (one): one is Adversary & { makes: Alter } =>
      one.makes.way === 'alter' && one.group !== 'other-picture' && adversaries.includes(one.name),
  );
}

async function honest(
  plan: StudyPlan,
  job: number,
  committer: string,
  pipeline: Pipeline,
): Promise<Committed> {
  const { latents, image }: Trajectory = await pipeline.generate(requestOf(plan, job));
  const at = plan.profiles.indexOf(committer);
  const others = plan.profiles.length - 1;
  const replayer = plan.profiles[(at + 1 + (turnOf(plan, job) % others)) % plan.profiles.length];
  return {
    job,
    committer,
    replayer: replayer as string,
    latents,
    forged: [],
    delivered: [{ by: committer, image }],
  };
}

async function forgeOn(
  plan: StudyPlan,
  jobs: readonly number[],
  pipeline: Pipeline,
  isMine: (adversary: TrajectoryAdversary) => boolean,
): Promise<Committed[]> {
  const committed: Committed[] = [];
  for (const job of jobs) {
    const asked = askedOf(plan, job);
    for (const adversary of trajectoriesOf(plan).filter(isMine)) {
      const { latents, forged } = await adversary.commit(pipeline, asked);
      committed.push({
        job,
        committer: adversary.name,
        replayer: plan.profiles[asked.turn % plan.profiles.length] as string,
        latents,
        forged,
        delivered: [],
      });
    }
  }
  return committed;
}

/** Beside the reference profile's honest latents, the pictures of those who change pictures. */
async function addAltered(plan: StudyPlan, committed: Committed[]): Promise<void> {
  const [reference] = plan.profiles;
  const honests = committed.filter(({ committer }) => committer === reference);
  for (const [n, one] of honests.entries()) {
    const [image, other] = [one, honests.at(n - 1)].map((it) => it?.delivered[0]?.image);
    if (image === undefined || other === undefined) continue;
    const delivered: { by: string; image: RgbImage }[] = [];
    for (const { name, makes } of alteringOf(plan)) {
      const altered = await makes.alter({
        request: requestOf(plan, one.job),
        honest: image,
        other,
      });
      if (altered !== undefined) delivered.push({ by: name, image: altered });
    }
    committed[committed.indexOf(one)] = { ...one, delivered: [...one.delivered, ...delivered] };
  }
}

function askedOf(plan: StudyPlan, job: number): Asked {
  const place = placeOf(plan, job);
  const other = jobAt(plan, { ...place, class: (place.class + 1) % plan.classes.length });
  return {
    request: requestOf(plan, job),
    other: requestOf(plan, other),
    turn: turnOf(plan, job),
  };
}

/** Number of a job among those replayed. */
function turnOf(plan: StudyPlan, job: number): number {
  return replayedJobs(plan).indexOf(job);
}

async function replay(
  plan: StudyPlan,
  { job, committer, replayer, latents, forged, delivered }: Committed,
  pipeline: Pipeline,
): Promise<(ReplayRecord | PixelRecord)[]> {
  const walk = await pipeline.openWalk(requestOf(plan, job));
  const steps = replayOf(walk, latents);
  const distances: number[] = [];
  for (let step = 1; step < latents.length; step++) {
    const distance = relativeL2(await steps.latentAfter(step), latents[step] as Float32Array);
    distances.push(Number(distance.toPrecision(6)));
  }
  const wrongNoise = walk.noise.some((x, i) => x !== (latents[0] as Float32Array)[i]);
  const records: (ReplayRecord | PixelRecord)[] = [
    { kind: 'replay', committer, replayer, job, distances, forged, wrongNoise },
  ];
  if (delivered.length > 0) {
    const decoded = await walk.decode(latents.at(-1) as Float32Array);
    for (const { by, image } of delivered) {
      const difference = meanDifference(decoded.data, image.data);
      records.push({ kind: 'pixels', committer: by, replayer, job, difference });
    }
  }
  return records;
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  const sum = a.reduce((total, x, i) => total + Math.abs(x - (b[i] as number)), 0);
  return Number((sum / a.length).toPrecision(6));
}
