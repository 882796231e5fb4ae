import {
  type AdversaryResult,
  type Bounded,
  type ByHash,
  HASH_NAMES,
  type HashName,
  type Rate,
  RESULT_FORMAT,
  type Rung,
  type Spread,
  type StudyResult,
} from '../../src/result.ts';

/*
 * A made-up study in a plausible shape, for looking at the report and for testing it. No number in
 * it was measured. Distances follow Poisson laws; bounds are Wilson's, near enough to the exact.
 */

interface Shape {
  readonly profiles: number;
  readonly adversaries: number;
  readonly jobs: number;
}

const PROFILES = [
  ['native-f32', 'float32', 0],
  ['native-tf32', 'tfloat32', 0.25],
  ['native-f16', 'float16', 0.12],
  ['native-f16-plain', 'float16', 0.16],
  ['native-bf16', 'bfloat16', 0.8],
  ['wasm-f16', 'float16', 0.13],
] as const;

type Group = AdversaryResult['group'];
/** Name, title, group, mean distance in bits, cost, steps forged of 20, distance of a forged step. */
type Adversary = readonly [string, string, Group, number, number, number, number, Rung];

const ADVERSARIES: readonly Adversary[] = [
  ['random-output', 'Noise for a picture', 'other-picture', 31, 0, 20, 1.4, 'likeness'],
  ['wrong-seed', 'The picture of another seed', 'other-picture', 17, 1, 0, 0, 'likeness'],
  ['wrong-prompt', 'The picture of another prompt', 'other-picture', 24, 1, 20, 0.6, 'likeness'],
  ['cached-other-job', 'A result that was made before', 'other-picture', 23, 0, 0, 0, 'likeness'],
  ['steps-10', 'Half of the steps', 'less-work', 3.1, 0.5, 20, 0.21, 'spot-check'],
  ['steps-4', 'A fifth of the steps', 'less-work', 7.9, 0.2, 20, 0.66, 'spot-check'],
  ['no-guidance', 'No classifier-free guidance', 'less-work', 8.4, 0.5, 20, 0.18, 'spot-check'],
  ['scheduler-euler', 'Another scheduler, Euler', 'less-work', 2.2, 1, 19, 0.09, 'spot-check'],
  ['int8-weights', 'Weights quantised to int8', 'less-work', 0.9, 0.95, 20, 0.031, 'spot-check'],
  ['jpeg-40', 'Compressed again at quality 40', 'altered-picture', 0.35, 1, 0, 0, 'spot-check'],
  ['blurred', 'Blurred by a Gaussian', 'altered-picture', 0.2, 1, 0, 0, 'spot-check'],
  ['hash-target', 'Pixels moved to hit the hash', 'forged-hash', 0.02, 0.4, 20, 0.9, 'spot-check'],
  ['echo', 'Hands in what another revealed', 'copy', 0, 0, 0, 0, 'commit'],
];

export const REALISTIC: Shape = { profiles: 6, adversaries: ADVERSARIES.length, jobs: 1440 };

export function syntheticResult({ profiles, adversaries, jobs }: Shape = REALISTIC): StudyResult {
  const honest = PROFILES.slice(0, profiles);
  const foes = ADVERSARIES.slice(0, adversaries);
  const pairs = honest.flatMap((a, i) => honest.slice(i + 1).map((b) => [a, b] as const));
  const profile = { hash: 'average', thresholdBits: 2, committeeSizes: [3, 5] } as const;
  const pairMean = (hash: HashName) => 0.22 * SCALE[hash];
  return {
    format: RESULT_FORMAT,
    model: {
      id: 'synthetic-64',
      title: 'Synthetic 64, made-up numbers',
      weightsRoot: '5e'.repeat(32),
      request: {
        width: 64,
        height: 64,
        steps: STEPS,
        guidance: 4,
        scheduler: 'unipc',
        negativePrompt: '',
      },
      profile,
    },
    plan: {
      id: 'a1'.repeat(32),
      classes: Array.from({ length: Math.ceil(jobs / 20) }, (_, i) => ({
        name: `thing ${i}`,
        prompt: `a photo of a thing ${i}`,
      })),
      seeds: 20,
      jobs,
      profiles: honest.map(([name]) => name),
      adversaries: foes.map(([name]) => name),
      reference: 'native-f32',
      confidence: 0.95,
      replayedJobs: Math.ceil(jobs / 20),
    },
    run: {
      command: 'npm run -s semblance -- study --model synthetic-64 --seeds 20 --out study',
      finishedAt: '2026-01-02T03:04:05.000Z',
      machine: { cpu: 'A made-up CPU', cores: 2, memoryBytes: 8 * 2 ** 30, platform: 'linux x64' },
      versions: { node: '24.0.0', 'onnxruntime-node': '1.30.0', sharp: '0.35.5' },
      processes: 2,
      pictures: jobs * (profiles + adversaries),
      replayedSteps: Math.ceil(jobs / 20) * STEPS * pairs.length * 2,
      workSeconds: 31_415,
    },
    profiles: honest.map(([name, precision], i) => ({
      name,
      backend: name.startsWith('wasm') ? 'wasm' : 'native',
      precision,
      optimisation: name.endsWith('plain') ? 'disabled' : 'all',
      guidance: name.endsWith('plain') ? 'separate' : 'batched',
      pictures: jobs,
      distinctFiles: jobs,
      msPerPicture: spread(jobs, 310 + 420 * i),
    })),
    agreement: pairs.map(([a, b]) => ({
      a: a[0],
      b: b[0],
      equalFiles: rate(Math.floor(jobs * 0.4 * Math.exp(-3 * (a[2] + b[2]))), jobs),
      hashes: byHash((hash) => {
        const mean = (a[2] + b[2]) * 0.6 * SCALE[hash];
        const bits = poisson(mean, jobs);
        return {
          bits,
          hexDigits: poisson(mean * 0.9, jobs).slice(0, 17),
          meanBits: mean,
          meanHexDigits: mean * 0.9,
          within: Array.from({ length: 11 }, (_, t) => within(bits, t)),
        };
      }),
    })),
    honest: byHash((hash) => {
      const drawn = poisson(pairMean(hash), pairs.length === 0 ? 0 : jobs);
      return {
        histogram: poisson(pairMean(hash), jobs * pairs.length),
        falseAlarm: THRESHOLDS.map((t) => beyond(drawn, t)),
        worstPair: {
          a: 'native-f32',
          b: 'native-bf16',
          disagree: rate(Math.floor(jobs / 50), jobs),
        },
      };
    }),
    collisions: byHash((hash) => ({
      sameClass: collisions(13 + 6 * SCALE[hash], jobs * 57, jobs / 2),
      crossClass: collisions(18 + 6 * SCALE[hash], jobs * 4000, jobs / 2),
    })),
    majorities:
      pairs.length < 3
        ? []
        : HASH_NAMES.flatMap((hash) =>
            [0, 2, 4].flatMap((thresholdBits) =>
              [3, 5].map((size) => majority(hash, thresholdBits, size, jobs)),
            ),
          ),
    methods: HASH_NAMES.map((hash) => {
      const comparisons = jobs * Math.max(profiles - 1, 0);
      const tolerances = (mean: number) => ({
        outliers: Math.floor(comparisons * (1 - Math.exp(-mean))),
        within1: 0.97,
        within2: 0.99,
        average: mean,
        max: 9,
      });
      return {
        hash,
        comparisons,
        msPerPicture: spread(jobs, 0.2 * SCALE[hash]),
        bits: tolerances(pairMean(hash)),
        hexDigits: tolerances(pairMean(hash) * 0.9),
      };
    }),
    adversaries: foes.map(([name, title, group, mean, cost, , , rung]) => {
      const hashes = byHash((hash) => {
        const drawn = poisson(mean * Math.sqrt(SCALE[hash]), jobs);
        return {
          histogram: drawn.map((pairs) => pairs * Math.max(profiles, 1)),
          detection: THRESHOLDS.map((t) => beyond(drawn, t)),
          auc: 1 - 0.5 * Math.exp(-mean),
        };
      });
      const passes = within(poisson(mean, jobs), profile.thresholdBits);
      return {
        name,
        title,
        group,
        msPerPicture: cost === 0 ? spread(0, 0) : spread(jobs, 310 * cost),
        cost,
        results: rate(jobs, jobs),
        equalFiles: rate(name === 'echo' ? jobs : 0, jobs),
        hashes,
        committees: [
          {
            size: 3,
            adversaries: 1,
            paid: passes,
            noMajority: rate(0, jobs),
            honestUnpaid: rate(3, jobs),
          },
          {
            size: 3,
            adversaries: 2,
            paid: rate(jobs, jobs),
            noMajority: rate(0, jobs),
            honestUnpaid: rate(jobs, jobs),
          },
        ],
        passes,
        decidedBy: rung === 'likeness' ? [rung] : ['likeness', rung],
        explanation: `Made up: ${title.toLowerCase()}.`,
      };
    }),
    protocolAdversaries:
      foes.length === 0
        ? []
        : [
            {
              name: 'equivocate',
              title: 'Commits twice',
              decidedBy: 'commit',
              stopped: rate(200, 200),
              counts: 'second commitments refused',
              explanation: 'Two commitments for one job by one node are their own proof.',
            },
            {
              name: 'withhold-reveal',
              title: 'Commits and keeps the result',
              decidedBy: 'deadline',
              stopped: rate(200, 200),
              counts: 'nodes jailed',
              explanation: 'No reveal in time costs a small penalty.',
            },
          ],
    spotCheck: spotCheck(
      honest.map(([name]) => name),
      foes,
      Math.ceil(jobs / 20),
    ),
    recommendation: {
      profile,
      stepTolerance: 0.012,
      stepToleranceMillionths: 12_000,
      stepTolerancesMillionths: tolerances.map((one) => Math.ceil(one * 1e6)),
      rule: 'The smallest threshold at which the worst pair of honest profiles disagrees in less than 3% of jobs.',
      candidates: HASH_NAMES.flatMap((hash) =>
        [1, 2, 3].map((thresholdBits) => ({
          hash,
          thresholdBits,
          worstFalseAlarm: beyond(poisson(0.5 * SCALE[hash], jobs), thresholdBits),
          leastDetected: {
            adversary: foes.length === 0 ? '' : 'wrong-seed',
            detection: beyond(poisson(14 * SCALE[hash], jobs), thresholdBits),
          },
          sameClassCollision: within(poisson(17, jobs / 2), thresholdBits),
          eligible: thresholdBits === 2,
        })),
      ),
      falseSlash: { byVote: 0, byStep: rate(0, Math.ceil(jobs / 20)) },
      falseUnpaid: [3, 5].map((size) => ({ size, rate: 0.004, committees: rate(9, jobs) })),
    },
    deposit: {
      formula: 'Cheating loses when stake x slash share x caught exceeds saves x payment.',
      slashShare: 0.05,
      rows: foes.flatMap(([adversary, , , mean, cost, forged]) =>
        [1, 3].map((checks) => ({
          adversary,
          saves: 1 - cost,
          passesVote: Math.exp(-mean),
          checks,
          caught: 1 - (1 - forged / STEPS) ** checks,
          stakeInPayments:
            forged === 0 ? null : (20 * (1 - cost)) / (1 - (1 - forged / STEPS) ** checks),
        })),
      ),
    },
    findings: {
      passAverageHash: foes.map(([adversary, , , mean, , , , rung]) => ({
        adversary,
        title: `What ${adversary} does`,
        passes: within(poisson(mean, jobs), 2),
        caughtBy: rung,
        evidence: 'These numbers are made up.',
      })),
      statements: [
        'These numbers are made up; a real report states here what was found.',
        'Likeness alone does not tell less work from honest work.',
      ],
    },
  };
}

const STEPS = 20;
const SCALE: ByHash<number> = { average: 1, perceptual: 2.4, difference: 1.7, color: 0.4 };
const THRESHOLDS = Array.from({ length: 65 }, (_, threshold) => threshold);
const tolerances = Array.from({ length: STEPS }, (_, i) => 0.002 * 1.1 ** i);

function byHash<T>(make: (hash: HashName) => T): ByHash<T> {
  return {
    average: make('average'),
    perceptual: make('perceptual'),
    difference: make('difference'),
    color: make('color'),
  };
}

/** Counts that add up to `all`, by the quantiles of a Poisson law, over 65 bins. */
function poisson(mean: number, all: number): number[] {
  let [density, below, placed] = [Math.exp(-mean), 0, 0];
  return THRESHOLDS.map((distance) => {
    if (distance > 0) density *= mean / distance;
    below += density;
    const upTo = distance === 64 ? Math.floor(all) : Math.round(all * Math.min(below, 1));
    const here = Math.max(0, upTo - placed);
    placed += here;
    return here;
  });
}

function rate(wanted: number, trials: number): Rate {
  const count = Math.min(wanted, trials);
  if (trials === 0) return { count: 0, trials: 0, rate: 0, low: 0, high: 1 };
  const [share, z] = [count / trials, 1.96];
  const middle = share + z ** 2 / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  const bound = (value: number) => Math.min(Math.max(value / (1 + z ** 2 / trials), 0), 1);
  return {
    count,
    trials,
    rate: share,
    low: count === 0 ? 0 : bound(middle - half),
    high: count === trials ? 1 : bound(middle + half),
  };
}

function within(histogram: readonly number[], threshold: number): Rate {
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
  return rate(sum(histogram.slice(0, threshold + 1)), sum(histogram));
}

function beyond(histogram: readonly number[], threshold: number): Rate {
  const { count, trials } = within(histogram, threshold);
  return rate(trials - count, trials);
}

function spread(count: number, median: number): Spread {
  if (count === 0) return { count: 0, mean: 0, min: 0, median: 0, p95: 0, max: 0 };
  return {
    count,
    mean: median * 1.1,
    min: median * 0.6,
    median,
    p95: median * 1.9,
    max: median * 2.6,
  };
}

function collisions(mean: number, pairs: number, disjointPairs: number) {
  const histogram = poisson(mean, pairs);
  const disjoint = poisson(mean, disjointPairs);
  return {
    histogram,
    pairs,
    within: THRESHOLDS.map((t) => within(histogram, t).rate),
    disjoint: THRESHOLDS.map((t) => within(disjoint, t)),
  };
}

function majority(hash: HashName, thresholdBits: number, size: number, jobs: number) {
  const single = within(poisson(0.35 * SCALE[hash], jobs), thresholdBits);
  const agree = (p: number): number =>
    size === 3 ? p ** 2 * (3 - 2 * p) : p ** 3 * (10 - 15 * p + 6 * p ** 2);
  const bounded = (f: (p: number) => number): Bounded => ({
    value: f(single.rate),
    low: f(single.low),
    high: f(single.high),
  });
  const correlated = (p: number) => 0.7 * agree(p) + 0.3 * p;
  const committees = jobs * (size === 3 ? 20 : 6);
  const found = Math.round(committees * correlated(single.rate));
  return {
    hash,
    thresholdBits,
    size,
    counted: {
      committees,
      majority: found,
      unpaidMembers: Math.floor(committees * 0.02),
      majorityRate: found / committees,
      unpaidRate: 0.02 / size,
    },
    sampled: {
      majority: rate(Math.round(jobs * correlated(single.rate)), jobs),
      someUnpaid: rate(Math.floor(jobs * 0.03), jobs),
    },
    predicted: {
      single,
      worstSingle: {
        profile: 'native-bf16',
        rate: within(poisson(0.8 * SCALE[hash], jobs), thresholdBits),
      },
      independent: bounded(agree),
      worstIndependent: bounded((p) => agree(p ** 2)),
      correlation: 0.31,
      correlated: bounded(correlated),
      identical: bounded((p) => p),
    },
  };
}

function spotCheck(names: readonly string[], foes: readonly Adversary[], jobs: number) {
  const ordered = names.flatMap((a) => names.filter((b) => b !== a).map((b) => [a, b] as const));
  const byStep = tolerances.map((one) => spread(ordered.length === 0 ? 0 : jobs, one / 5.2));
  const replayed = foes.filter(([, , , , , forged]) => forged > 0);
  return {
    steps: STEPS,
    pairs: ordered.map(([committer, replayer]) => ({
      committer,
      replayer,
      jobs,
      byStep,
      max: byStep.at(-1)?.max ?? 0,
    })),
    adversaries: replayed.map(([name, title, , , , forged, distance]) => ({
      name,
      title,
      jobs,
      forgedSteps: forged,
      byStep: tolerances.map((_, i) =>
        spread(i < STEPS - forged ? 0 : jobs, distance * 1.04 ** -i),
      ),
      min: distance * 0.3,
      wrongNoise: rate(name === 'random-output' ? jobs : 0, jobs),
      caughtSteps: rate(jobs * forged, jobs * forged),
      caughtStepsOneTolerance: rate(jobs * forged - 7, jobs * forged),
      caughtJobs: rate(jobs, jobs),
      badShare: forged / STEPS,
      detection: [1, 2, 3, 5, 10].map((checks) => ({
        checks,
        probability: 1 - (1 - forged / STEPS) ** checks,
      })),
    })),
    honestByStep: byStep,
    honestMax: byStep.at(-1)?.max ?? 0,
    toleranceByStep: tolerances,
    tolerance: tolerances.at(-1) ?? 0,
    honestMargin: 2,
    adversaryMargin: { adversary: replayed[0]?.[0] ?? '', margin: replayed.length === 0 ? 0 : 3.4 },
    falseAlarmSteps: rate(0, jobs * STEPS),
    falseAlarmJobs: rate(0, jobs),
    detection: [1, 2, 4, 10].flatMap((skipped) =>
      [1, 2, 3, 5, 10, 20].map((checks) => ({
        skipped,
        checks,
        withReplacement: 1 - (1 - skipped / STEPS) ** checks,
        withoutReplacement: 1 - missing(skipped, checks),
      })),
    ),
    pixels: {
      honest: spread(jobs, 0.08),
      tolerance: 0.42,
      adversaries: foes
        .filter(([, , group]) => group === 'altered-picture')
        .map(([name, title], i) => ({
          name,
          title,
          difference: spread(jobs, 2.2 + i),
          caught: rate(jobs, jobs),
        })),
    },
  };
}

/** Chance that `checks` different steps are all honest when `skipped` of them are not. */
function missing(skipped: number, checks: number): number {
  let chance = 1;
  for (let i = 0; i < checks; i++) chance *= Math.max(0, STEPS - skipped - i) / (STEPS - i);
  return chance;
}
