import { InvalidInputError } from '@semblance/core/errors';
import { z } from 'zod';
import { HASH_NAMES, RESULT_FORMAT, type StudyResult } from './result.ts';

/**
 * Parses a study's `result.json` and checks every field of it, so that what reads it need not.
 *
 * @param file what the text came from, for the message
 * @throws InvalidInputError naming the file and the first field that is wrong.
 */
export function readStudyResult(text: string, file: string): StudyResult {
  const json = parse(text, file);
  if ((json as { format?: unknown } | null)?.format !== RESULT_FORMAT) {
    throw new InvalidInputError(file, `not a study's result: its format is not ${RESULT_FORMAT}`);
  }
  const { data, error } = result.safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  const message = issue ? `${pathOf(issue.path)}: ${issue.message}` : 'not a result';
  // Names of unknown fields come from the file, and a terminal would obey them.
  throw new InvalidInputError(file, message.replace(/[^\x20-\x7e]/g, '\ufffd').slice(0, 200));
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(file, 'not JSON', { cause });
  }
}

/** "agreement[3].hashes.average.bits[2]" */
function pathOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`));
  return steps.join('').replace(/^\./, '') || 'result';
}

const { strictObject: object } = z;

function list<T extends z.ZodType>(element: T, most = 10_000) {
  return z.array(element).max(most);
}

function byHash<T extends z.ZodType>(value: T) {
  const [average, perceptual, difference, color] = [value, value, value, value];
  return object({ average, perceptual, difference, color });
}

const name = z.string().min(1).max(256);
const words = z.string().max(4096);
const count = z.int().min(0);
/** A time, a distance: far more than any is. */
const size = z.number().min(0).max(1e15);
const share = z.number().min(0).max(1);
const hash = z.enum(HASH_NAMES);
const bits = z.int().min(0).max(64);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hexadecimal digits');
const rung = z.enum(['commit', 'likeness', 'spot-check', 'escalation', 'referee', 'deadline']);

const rate = object({ count, trials: count, rate: share, low: share, high: share }).refine(
  (one) => one.count <= one.trials && one.low <= one.rate && one.rate <= one.high,
  'not a rate between its bounds',
);
const bounded = object({ value: share, low: share, high: share });
const spread = object({ count, mean: size, min: size, median: size, p95: size, max: size });
/** A distance or a threshold is the index. */
const histogram = list(count, 65);
const ratesByThreshold = list(rate, 65);

const profile = object({ hash, thresholdBits: bits, committeeSizes: list(z.int().min(1), 7) });

const model = object({
  id: name,
  title: name,
  weightsRoot: sha256,
  request: object({
    width: count,
    height: count,
    steps: count,
    guidance: z.number(),
    scheduler: name,
    negativePrompt: words,
  }),
  profile,
});

const plan = object({
  id: sha256,
  classes: list(object({ name, prompt: words }), 100_000),
  seeds: count,
  jobs: count,
  profiles: list(name),
  adversaries: list(name),
  reference: name,
  confidence: share,
  replayedJobs: count,
});

const run = object({
  command: words,
  finishedAt: z.iso.datetime(),
  machine: object({ cpu: name, cores: count, memoryBytes: count, platform: name }),
  versions: z.record(name, name),
  processes: count,
  pictures: count,
  replayedSteps: count,
  workSeconds: size,
});

const profileResult = object({
  name,
  backend: name,
  precision: name,
  optimisation: name,
  guidance: name,
  pictures: count,
  distinctFiles: count,
  msPerPicture: spread,
});

const pairAgreement = object({
  a: name,
  b: name,
  equalFiles: rate,
  hashes: byHash(
    object({
      bits: histogram,
      hexDigits: histogram,
      meanBits: size,
      meanHexDigits: size,
      within: ratesByThreshold,
    }),
  ),
});

const honest = object({
  histogram,
  falseAlarm: ratesByThreshold,
  worstPair: object({ a: words, b: words, disagree: rate }),
});

const collisions = object({
  histogram,
  pairs: count,
  within: list(share, 65),
  disjoint: ratesByThreshold,
});

const majority = object({
  hash,
  thresholdBits: bits,
  size: count,
  counted: object({
    committees: count,
    majority: count,
    unpaidMembers: count,
    majorityRate: share,
    unpaidRate: share,
  }),
  sampled: object({ majority: rate, someUnpaid: rate }),
  predicted: object({
    single: rate,
    worstSingle: object({ profile: words, rate }),
    independent: bounded,
    worstIndependent: bounded,
    correlation: share,
    correlated: bounded,
    identical: bounded,
  }),
});

const tolerances = object({
  outliers: count,
  within1: share,
  within2: share,
  average: size,
  max: size,
});

const method = object({
  hash,
  comparisons: count,
  msPerPicture: spread,
  bits: tolerances,
  hexDigits: tolerances,
});

const adversary = object({
  name,
  title: words,
  group: z.enum(['other-picture', 'less-work', 'altered-picture', 'forged-hash', 'copy']),
  msPerPicture: spread,
  cost: size,
  results: rate,
  equalFiles: rate,
  hashes: byHash(object({ histogram, detection: ratesByThreshold, auc: share })),
  committees: list(
    object({ size: count, adversaries: count, paid: rate, noMajority: rate, honestUnpaid: rate }),
  ),
  passes: rate,
  decidedBy: list(rung),
  explanation: words,
});

const protocolAdversary = object({
  name,
  title: words,
  decidedBy: rung,
  stopped: rate,
  counts: words,
  explanation: words,
});

const spotCheck = object({
  steps: z.int().min(1).max(10_000),
  pairs: list(
    object({ committer: name, replayer: name, jobs: count, byStep: list(spread), max: size }),
  ),
  adversaries: list(
    object({
      name,
      title: words,
      jobs: count,
      forgedSteps: count,
      byStep: list(spread),
      min: size,
      wrongNoise: rate,
      caughtSteps: rate,
      caughtStepsOneTolerance: rate,
      caughtJobs: rate,
      badShare: share,
      detection: list(object({ checks: count, probability: share })),
    }),
  ),
  honestByStep: list(spread),
  honestMax: size,
  toleranceByStep: list(size),
  tolerance: size,
  honestMargin: size,
  adversaryMargin: object({ adversary: words, margin: size }),
  falseAlarmSteps: rate,
  falseAlarmJobs: rate,
  detection: list(
    object({
      skipped: count,
      checks: count.max(10_000),
      withReplacement: share,
      withoutReplacement: share,
    }),
  ),
  pixels: object({
    honest: spread,
    tolerance: size,
    adversaries: list(object({ name, title: words, difference: spread, caught: rate })),
  }),
});

const recommendation = object({
  profile,
  stepTolerance: size,
  stepToleranceMillionths: count,
  stepTolerancesMillionths: list(count),
  rule: words,
  candidates: list(
    object({
      hash,
      thresholdBits: bits,
      worstFalseAlarm: rate,
      leastDetected: object({ adversary: words, detection: rate }),
      sameClassCollision: rate,
      eligible: z.boolean(),
    }),
  ),
  falseSlash: object({ byVote: z.literal(0), byStep: rate }),
  falseUnpaid: list(object({ size: count, rate: share, committees: rate })),
});

const deposit = object({
  formula: words,
  slashShare: share,
  rows: list(
    object({
      adversary: name,
      saves: z.number().max(1),
      passesVote: share,
      checks: count,
      caught: share,
      stakeInPayments: size.nullable(),
    }),
  ),
});

const findings = object({
  passAverageHash: list(
    object({ adversary: name, title: words, passes: rate, caughtBy: rung, evidence: words }),
  ),
  statements: list(words),
});

/** Held to `StudyResult` by the compiler. */
const result: z.ZodType<StudyResult> = object({
  format: z.literal(RESULT_FORMAT),
  model,
  plan,
  run,
  profiles: list(profileResult),
  agreement: list(pairAgreement),
  honest: byHash(honest),
  collisions: byHash(object({ sameClass: collisions, crossClass: collisions })),
  majorities: list(majority),
  methods: list(method),
  adversaries: list(adversary),
  protocolAdversaries: list(protocolAdversary),
  spotCheck,
  recommendation,
  deposit,
  findings,
});
