import type { PixelRecord, ReplayRecord } from '../generate/record.ts';
import type {
  DetectionRow,
  PixelCheckResult,
  SpotCheckResult,
  StepAdversaryResult,
  StepDistances,
} from '../result.ts';
import { rateOf, shareOf } from '../statistics/rate.ts';
import { spreadOf } from '../statistics/spread.ts';
import { meanOf } from './pictures.ts';

/** What is to be told of each adversary that was replayed. */
interface Titled {
  readonly name: string;
  readonly title: string;
}

export interface SpotCheckInput {
  readonly steps: number;
  readonly profiles: readonly string[];
  /** Jobs in the order of their replay: the tolerance is set on every second one. */
  readonly jobs: readonly number[];
  readonly replays: readonly ReplayRecord[];
  readonly pixels: readonly PixelRecord[];
  readonly trajectoryAdversaries: readonly Titled[];
  readonly pixelAdversaries: readonly Titled[];
}

/** Tolerance over the largest honest distance that was seen when it was set. */
const SAFETY = 2;
/** Two float32 sums in another order differ by as much: no tolerance is below it. */
const LEAST_TOLERANCE = 1e-6;
const CHECKS = [1, 2, 3, 5, 10] as const;
const SKIPPED = [1, 2, 3, 5, 10, 20] as const;

/**
 * What replays of single steps tell honest runs from others by. Tolerances are set on every second
 * replayed job and false alarms are counted on the others, which had no part in it.
 */
export function measureSpotCheck(input: SpotCheckInput): SpotCheckResult {
  const { steps, profiles, jobs, replays, trajectoryAdversaries } = input;
  const honest = replays.filter(({ committer }) => profiles.includes(committer));
  const isSetOn = (job: number) => jobs.indexOf(job) % 2 === 0;
  const setOn = honest.filter(({ job }) => isSetOn(job));
  const testedOn = honest.filter(({ job }) => !isSetOn(job));
  const toleranceByStep = stepNumbers(steps).map((step) =>
    Math.max(LEAST_TOLERANCE, SAFETY * largest(distancesAt(setOn, step))),
  );
  const tolerance = largest(toleranceByStep);
  const isOutside = outsideOf(toleranceByStep);
  const adversaries = trajectoryAdversaries.map((titled) =>
    measureStepAdversary(
      titled,
      replays.filter(({ committer }) => committer === titled.name),
      { steps, toleranceByStep, tolerance },
    ),
  );
  return {
    steps,
    pairs: pairsOf(honest, profiles, steps),
    adversaries,
    honestByStep: stepNumbers(steps).map((step) => spreadOf(distancesAt(honest, step))),
    honestMax: largest(honest.flatMap(({ distances }) => distances)),
    toleranceByStep,
    tolerance,
    honestMargin: honestMargin(honest, toleranceByStep),
    adversaryMargin: smallestMargin(replays, toleranceByStep),
    falseAlarmSteps: rateOf(
      testedOn.reduce((sum, one) => sum + one.distances.filter(isOutside).length, 0),
      testedOn.reduce((sum, one) => sum + one.distances.length, 0),
    ),
    falseAlarmJobs: shareOf(
      jobs.filter((job) => testedOn.some((one) => one.job === job)),
      (job) => testedOn.some((one) => one.job === job && one.distances.some(isOutside)),
    ),
    detection: detectionTable(steps),
    pixels: measurePixels(input, isSetOn),
  };
}

function outsideOf(toleranceByStep: readonly number[]) {
  return (distance: number, i: number) => distance > (toleranceByStep[i] as number);
}

function measureStepAdversary(
  { name, title }: Titled,
  replays: readonly ReplayRecord[],
  {
    steps,
    toleranceByStep,
    tolerance,
  }: { steps: number; toleranceByStep: readonly number[]; tolerance: number },
): StepAdversaryResult {
  const isOutside = outsideOf(toleranceByStep);
  const forged = replays.flatMap((replay) =>
    replay.forged.map((step) => ({ step, distance: replay.distances[step - 1] as number })),
  );
  const badSteps = replays.map(({ distances }) => distances.filter(isOutside).length);
  return {
    name,
    title,
    jobs: replays.length,
    forgedSteps: replays[0]?.forged.length ?? 0,
    byStep: stepNumbers(steps).map((at) =>
      spreadOf(forged.filter(({ step }) => step === at).map(({ distance }) => distance)),
    ),
    min: forged.length === 0 ? 0 : smallest(forged.map(({ distance }) => distance)),
    wrongNoise: shareOf(replays, (replay) => replay.wrongNoise),
    caughtSteps: shareOf(forged, ({ step, distance }) => isOutside(distance, step - 1)),
    caughtStepsOneTolerance: shareOf(forged, ({ distance }) => distance > tolerance),
    caughtJobs: shareOf(badSteps, (bad) => bad > 0),
    badShare: meanOf(badSteps.map((bad) => bad / steps)),
    detection: CHECKS.filter((checks) => checks <= steps).map((checks) => ({
      checks,
      probability: meanOf(
        replays.map(({ wrongNoise }, i) =>
          wrongNoise ? 1 : detectionChance(steps, badSteps[i] as number, checks),
        ),
      ),
    })),
  };
}

/** 0 where nothing honest differs at all. */
function honestMargin(honest: readonly ReplayRecord[], toleranceByStep: readonly number[]): number {
  const margins = toleranceByStep
    .map((tolerance, i) => tolerance / largest(distancesAt(honest, i + 1)))
    .filter(Number.isFinite);
  return margins.length === 0 ? 0 : smallest(margins);
}

/** The forged steps that come nearest to passing, of an adversary whose steps are forged. */
function smallestMargin(
  replays: readonly ReplayRecord[],
  toleranceByStep: readonly number[],
): SpotCheckResult['adversaryMargin'] {
  let least = { adversary: '', margin: Number.POSITIVE_INFINITY };
  for (const { committer, forged, distances } of replays) {
    for (const step of forged) {
      const margin = (distances[step - 1] as number) / (toleranceByStep[step - 1] as number);
      if (margin < least.margin) least = { adversary: committer, margin };
    }
  }
  return least.adversary === '' ? { ...least, margin: 0 } : least;
}

/**
 * The chance that `checks` steps drawn without replacement meet one of `bad` ones out of `steps`:
 * 1 - C(steps - bad, checks) / C(steps, checks).
 */
export function detectionChance(steps: number, bad: number, checks: number): number {
  let missed = 1;
  for (let n = 0; n < Math.min(checks, steps); n++) {
    missed *= Math.max(0, steps - bad - n) / (steps - n);
  }
  return 1 - missed;
}

function detectionTable(steps: number): DetectionRow[] {
  return SKIPPED.filter((skipped) => skipped <= steps).flatMap((skipped) =>
    CHECKS.filter((checks) => checks <= steps).map((checks) => ({
      skipped,
      checks,
      withReplacement: 1 - (1 - skipped / steps) ** checks,
      withoutReplacement: detectionChance(steps, skipped, checks),
    })),
  );
}

function pairsOf(
  honest: readonly ReplayRecord[],
  profiles: readonly string[],
  steps: number,
): StepDistances[] {
  return profiles.flatMap((committer) =>
    profiles
      .filter((replayer) => replayer !== committer)
      .map((replayer) => {
        const mine = honest.filter(
          (one) => one.committer === committer && one.replayer === replayer,
        );
        return {
          committer,
          replayer,
          jobs: mine.length,
          byStep: stepNumbers(steps).map((step) => spreadOf(distancesAt(mine, step))),
          max: largest(mine.flatMap(({ distances }) => distances)),
        };
      }),
  );
}

function measurePixels(
  { profiles, pixels, pixelAdversaries }: SpotCheckInput,
  isSetOn: (job: number) => boolean,
): PixelCheckResult {
  const honest = pixels.filter(({ committer }) => profiles.includes(committer));
  const setOn = honest.filter(({ job }) => isSetOn(job));
  const tolerance = SAFETY * largest(setOn.map(({ difference }) => difference));
  return {
    honest: spreadOf(honest.map(({ difference }) => difference)),
    tolerance,
    adversaries: pixelAdversaries.map(({ name, title }) => {
      const mine = pixels.filter(({ committer }) => committer === name);
      return {
        name,
        title,
        difference: spreadOf(mine.map(({ difference }) => difference)),
        caught: shareOf(mine, ({ difference }) => difference > tolerance),
      };
    }),
  };
}

function stepNumbers(steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => i + 1);
}

function distancesAt(replays: readonly ReplayRecord[], step: number): number[] {
  return replays.map(({ distances }) => distances[step - 1] as number);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}
