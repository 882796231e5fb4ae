import { fromHex } from '@semblance/core/bytes';
import type { Manifest } from '@semblance/inference/manifest';
import { profileNamed } from '@semblance/inference/profiles';
import type { Adversary, Reuse } from '../adversaries/adversary.ts';
import { ADVERSARIES } from '../adversaries/all.ts';
import { type ProtocolJob, tryProtocolAdversaries } from '../adversaries/protocol.ts';
import {
  jobAt,
  jobCount,
  placeOf,
  planId,
  replayedJobs,
  type StudyPlan,
  sizeOf,
} from '../generate/plan.ts';
import type { PixelRecord, ReplayRecord, StudyRecord } from '../generate/record.ts';
import { alteringOf, trajectoriesOf } from '../generate/replays.ts';
import {
  type ProfileResult,
  RESULT_FORMAT,
  type RunResult,
  type StudyResult,
  type VerificationProfile,
} from '../result.ts';
import { CONFIDENCE } from '../statistics/rate.ts';
import { spreadOf } from '../statistics/spread.ts';
import { measureAdversary } from './adversaries.ts';
import { measureAgreement, measureHonest } from './agreement.ts';
import { measureCollisions } from './collisions.ts';
import { measureDeposit } from './deposit.ts';
import { findingsOf } from './findings.ts';
import { measureMajorities } from './majorities.ts';
import { measureMethods } from './methods.ts';
import { isDefined, PictureCollection, type Pictures, reused } from './pictures.ts';
import { recommend } from './recommendation.ts';
import { measureSpotCheck } from './spot-check.ts';

/** All that was recorded, sorted. */
export interface Observations {
  readonly pictures: PictureCollection;
  readonly replays: readonly ReplayRecord[];
  readonly pixels: readonly PixelRecord[];
  readonly made: number;
  readonly workSeconds: number;
}

/** Sorts records; of what was recorded twice the first counts. */
export async function collect(
  plan: StudyPlan,
  records: AsyncIterable<StudyRecord> | Iterable<StudyRecord>,
): Promise<Observations> {
  const pictures = new PictureCollection(jobCount(plan));
  const replays = new Map<string, ReplayRecord>();
  const pixels = new Map<string, PixelRecord>();
  let [made, workSeconds] = [0, 0];
  for await (const record of records) {
    const key = 'committer' in record ? `${record.committer} ${record.job}` : '';
    if (record.kind === 'picture') {
      pictures.add(record);
      if (record.made) made++;
    } else if (record.kind === 'replay') replays.set(key, replays.get(key) ?? record);
    else if (record.kind === 'pixels') pixels.set(key, pixels.get(key) ?? record);
    else workSeconds += record.seconds;
  }
  return {
    pictures,
    replays: [...replays.values()],
    pixels: [...pixels.values()],
    made,
    workSeconds,
  };
}

/** What is known of a run that its records do not tell. */
export type RunFacts = Pick<RunResult, 'command' | 'finishedAt' | 'machine' | 'processes'>;

/** The whole result, from records alone: no model runs here. */
export function measure(
  plan: StudyPlan,
  manifest: Manifest,
  seen: Observations,
  facts: RunFacts,
): StudyResult {
  const profiles = plan.profiles.map((name) => seen.pictures.of(name));
  const [reference] = profiles as [Pictures, ...Pictures[]];
  const today: VerificationProfile = manifest.profile;
  const agreement = measureAgreement(profiles);
  const honest = measureHonest(profiles, agreement);
  const collisions = measureCollisions(profiles, sizeOf(plan));
  const majorities = measureMajorities(profiles);
  const chosen = ADVERSARIES.filter(({ name }) => plan.adversaries.includes(name));
  const handedIn = new Map(
    chosen.map((one) => [one.name, picturesOf(one, plan, seen.pictures, reference)]),
  );
  const adversaries = chosen.map((one) =>
    measureAdversary(one, {
      pictures: handedIn.get(one.name) as Pictures,
      profiles,
      honest,
      profile: today,
    }),
  );
  const jobs = replayedJobs(plan);
  const spotCheck = measureSpotCheck({
    steps: plan.request.steps,
    profiles: plan.profiles,
    jobs,
    replays: seen.replays,
    pixels: seen.pixels,
    trajectoryAdversaries: trajectoriesOf(plan),
    pixelAdversaries: alteringOf(plan),
  });
  const recommendation = recommend({
    today,
    agreement,
    adversaries,
    collisions,
    majorities,
    spotCheck,
  });
  const result: Omit<StudyResult, 'findings'> = {
    format: RESULT_FORMAT,
    model: {
      id: plan.model,
      title: manifest.title,
      weightsRoot: plan.weightsRoot,
      request: plan.request,
      profile: today,
    },
    plan: {
      id: planId(plan),
      classes: plan.classes,
      seeds: plan.seeds,
      jobs: jobCount(plan),
      profiles: plan.profiles,
      adversaries: plan.adversaries,
      reference: plan.profiles[0] as string,
      confidence: CONFIDENCE,
      replayedJobs: jobs.length,
    },
    run: {
      ...facts,
      versions: plan.versions,
      pictures: seen.made,
      replayedSteps: seen.replays.reduce((sum, { distances }) => sum + distances.length, 0),
      workSeconds: seen.workSeconds,
    },
    profiles: profiles.map(profileResult),
    agreement,
    honest,
    collisions,
    majorities,
    methods: measureMethods(profiles),
    adversaries,
    protocolAdversaries: tryProtocolAdversaries(
      protocolJobs(plan, profiles, today),
      today.thresholdBits,
    ),
    spotCheck,
    recommendation,
    deposit: measureDeposit(adversaries, spotCheck),
  };
  return { ...result, findings: findingsOf(result) };
}

/** What an adversary handed in: its own records, or honest pictures that it has from elsewhere. */
function picturesOf(
  { name, makes }: Adversary,
  plan: StudyPlan,
  pictures: PictureCollection,
  reference: Pictures,
): Pictures {
  return makes.way === 'reuse' ? reusedBy(name, makes, plan, reference) : pictures.of(name);
}

function reusedBy(name: string, { jobOf }: Reuse, plan: StudyPlan, reference: Pictures): Pictures {
  return reused(reference, name, (job) => {
    const place = jobOf(placeOf(plan, job), sizeOf(plan));
    return place && jobAt(plan, place);
  });
}

function profileResult({ source, files, ms }: Pictures): ProfileResult {
  const { backend, precision, optimisation, guidance } = profileNamed(source);
  const made = files.filter(isDefined);
  return {
    name: source,
    backend,
    precision,
    optimisation,
    guidance,
    pictures: made.length,
    distinctFiles: new Set(made).size,
    msPerPicture: spreadOf(ms),
  };
}

/** Enough for bounds of 0.4%: each is a handful of hashes and votes. */
const PROTOCOL_JOBS = 1000;

function protocolJobs(
  plan: StudyPlan,
  profiles: readonly Pictures[],
  { hash }: VerificationProfile,
): ProtocolJob[] {
  const [reference] = profiles as [Pictures, ...Pictures[]];
  const jobs = jobCount(plan);
  return Array.from({ length: Math.min(jobs, PROTOCOL_JOBS) }, (_, job) => {
    const other = (job + Math.ceil(plan.classes.length / 2)) % jobs;
    const [file, otherFile] = [job, other].map((at) => reference.files[at]);
    if (file === undefined) return undefined;
    return {
      honest: profiles
        .slice(0, 5)
        .map(({ hashes }) => hashes[hash][job])
        .filter(isDefined),
      wrong: other === job ? undefined : reference.hashes[hash][other],
      file: fromHex(file),
      otherFile: fromHex(
        otherFile === undefined || otherFile === file ? '00'.repeat(32) : otherFile,
      ),
    };
  }).filter(isDefined);
}
