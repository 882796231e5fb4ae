/*
 * The study's whole JSON document, `result.json`. Plain data: every number that the report shows is
 * in it, and nothing that a report would have to compute from pictures.
 *
 * Conventions: distances are Hamming distances in bits unless a field says hex digits (characters
 * of the hexadecimal spelling that differ). A histogram's index is the distance. A list "by
 * threshold" has the threshold as its index. Times are wall time of one core.
 */

export const RESULT_FORMAT = 'semblance/study/v1';

export const HASH_NAMES = ['average', 'perceptual', 'difference', 'color'] as const;
export type HashName = (typeof HASH_NAMES)[number];
export type ByHash<T> = { readonly [H in HashName]: T };

/** An observed share with its exact (Clopper-Pearson) two-sided bounds. */
export interface Rate {
  /** 0 to `trials`. */
  readonly count: number;
  readonly trials: number;
  /** count / trials; 0 when there were no trials. */
  readonly rate: number;
  /** Bounds at `plan.confidence`, 0 to 1; [0, 1] when there were no trials. */
  readonly low: number;
  readonly high: number;
}

/** A number computed from a rate, at the rate and at both its bounds. */
export interface Bounded {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface StudyResult {
  readonly format: typeof RESULT_FORMAT;
  readonly model: ModelResult;
  readonly plan: PlanResult;
  readonly run: RunResult;
  /** One per honest profile, in the plan's order. */
  readonly profiles: readonly ProfileResult[];
  /** One per unordered pair of honest profiles. */
  readonly agreement: readonly PairAgreement[];
  /** What an honest pair does, over all pairs of profiles: the other side of every ROC. */
  readonly honest: ByHash<HonestResult>;
  readonly collisions: ByHash<CollisionResult>;
  readonly majorities: readonly MajorityResult[];
  /** The original's table; one row a hash. */
  readonly methods: readonly MethodResult[];
  /** Adversaries that hand in a picture: what likeness sees of each. */
  readonly adversaries: readonly AdversaryResult[];
  /** Adversaries that cheat in the protocol, not in the picture. */
  readonly protocolAdversaries: readonly ProtocolAdversaryResult[];
  readonly spotCheck: SpotCheckResult;
  readonly recommendation: RecommendationResult;
  readonly deposit: DepositResult;
  readonly findings: FindingsResult;
}

export interface ModelResult {
  readonly id: string;
  readonly title: string;
  /** Hexadecimal, from the manifest. */
  readonly weightsRoot: string;
  /** The request that every job shares but for prompt and seed. */
  readonly request: {
    readonly width: number;
    readonly height: number;
    readonly steps: number;
    readonly guidance: number;
    readonly scheduler: string;
    readonly negativePrompt: string;
  };
  /** The verification profile that the manifest holds today. */
  readonly profile: VerificationProfile;
}

/** In the form that the chain and a model's manifest take. */
export interface VerificationProfile {
  readonly hash: HashName;
  readonly thresholdBits: number;
  /** Odd, ascending, from 1 to 7. */
  readonly committeeSizes: readonly number[];
}

export interface PlanResult {
  /** SHA-256 of the plan, hexadecimal: what a resumed run must match. */
  readonly id: string;
  /** One prompt a class. */
  readonly classes: readonly { readonly name: string; readonly prompt: string }[];
  /** Seeds a class: 0 to this less one. */
  readonly seeds: number;
  /** classes x seeds. */
  readonly jobs: number;
  readonly profiles: readonly string[];
  readonly adversaries: readonly string[];
  /** The profile that adversaries run on and that methods compare with. */
  readonly reference: string;
  /** Of every bound, e.g. 0.95. */
  readonly confidence: number;
  /** Jobs whose steps were replayed. */
  readonly replayedJobs: number;
}

export interface RunResult {
  /** The command that reproduces the result. */
  readonly command: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
  };
  /** Versions of what decides the bits, by name: node, onnxruntime-node, onnxruntime-web, sharp. */
  readonly versions: Readonly<Record<string, string>>;
  readonly processes: number;
  /** Pictures that a model or a program made; those taken from another job are not counted. */
  readonly pictures: number;
  /** Single steps that were run again from another profile's latents. */
  readonly replayedSteps: number;
  /** Seconds of work in all processes together, over all runs that were resumed. */
  readonly workSeconds: number;
}

export interface ProfileResult {
  readonly name: string;
  readonly backend: string;
  readonly precision: string;
  readonly optimisation: string;
  readonly guidance: string;
  readonly pictures: number;
  /** Different files among them. */
  readonly distinctFiles: number;
  /** Time to make one picture, milliseconds. */
  readonly msPerPicture: Spread;
}

/** Of a sample of numbers; all 0 when it is empty. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export interface PairAgreement {
  readonly a: string;
  readonly b: string;
  /** Jobs whose two files are equal byte for byte. */
  readonly equalFiles: Rate;
  readonly hashes: ByHash<{
    /** Jobs by distance: 65 bins, 43 of them in use for colour. */
    readonly bits: readonly number[];
    /** Jobs by distance in hex digits: 17 bins. */
    readonly hexDigits: readonly number[];
    /** Mean distance. */
    readonly meanBits: number;
    readonly meanHexDigits: number;
    /** Jobs within the threshold, by threshold 0 to 10. */
    readonly within: readonly Rate[];
  }>;
}

export interface HonestResult {
  /** Distances of all jobs and all pairs of different profiles, 65 bins. */
  readonly histogram: readonly number[];
  /**
   * False alarms by threshold 0 to 64: an honest pair further apart than the threshold. One pair
   * of different profiles is drawn for each job, so that trials are independent.
   */
  readonly falseAlarm: readonly Rate[];
  /** The pair of profiles that disagrees most at the reference threshold (2), and how often. */
  readonly worstPair: { readonly a: string; readonly b: string; readonly disagree: Rate };
}

export interface CollisionResult {
  readonly sameClass: Collisions;
  readonly crossClass: Collisions;
}

/** Pairs of pictures of different jobs, made by the same profile. */
export interface Collisions {
  /** Pairs by distance over all profiles, 65 bins. */
  readonly histogram: readonly number[];
  readonly pairs: number;
  /** Share of those pairs within the threshold, by threshold 0 to 64. */
  readonly within: readonly number[];
  /**
   * The same, by threshold 0 to 64, over pairs that share no picture, all of the reference
   * profile: independent trials, whose bounds hold. Pairs of the histogram share pictures.
   */
  readonly disjoint: readonly Rate[];
}

/** Committees of honest members at one hash, threshold and size. */
export interface MajorityResult {
  readonly hash: HashName;
  readonly thresholdBits: number;
  /** 3 or 5. */
  readonly size: number;
  /** Over every committee of different profiles of every job, by the verification package's vote. */
  readonly counted: {
    readonly committees: number;
    readonly majority: number;
    /** Members of committees with a majority who are outside of it: honest, and not paid. */
    readonly unpaidMembers: number;
    /** Shares of committees, and of members of all committees, honest and not paid. */
    readonly majorityRate: number;
    readonly unpaidRate: number;
  };
  /** The same, one committee drawn for each job: independent trials. */
  readonly sampled: {
    readonly majority: Rate;
    /** Committees in which at least one honest member is not paid. */
    readonly someUnpaid: Rate;
  };
  /** What the binomial formula predicts from the single rate. */
  readonly predicted: {
    /** One run is within the threshold of the reference profile's: one drawn a job. */
    readonly single: Rate;
    /** The same of the worst profile. */
    readonly worstSingle: { readonly profile: string; readonly rate: Rate };
    /** More than half of independent runs agree with the reference. */
    readonly independent: Bounded;
    readonly worstIndependent: Bounded;
    /** Intra-class correlation of runs of one job (ANOVA estimate), 0 to 1. */
    readonly correlation: number;
    /** Beta-binomial at that correlation. */
    readonly correlated: Bounded;
    /** Correlation 1, as when all verifiers run one profile: a majority is worth one run. */
    readonly identical: Bounded;
  };
}

/** The original's table: how far the other profiles are from the reference, by hash. */
export interface MethodResult {
  readonly hash: HashName;
  readonly comparisons: number;
  /** Time to hash one decoded picture, milliseconds. */
  readonly msPerPicture: Spread;
  readonly bits: Tolerances;
  readonly hexDigits: Tolerances;
}

/** In one unit of distance. */
export interface Tolerances {
  /** Comparisons at any distance but 0. */
  readonly outliers: number;
  /** Shares of comparisons within 1 and within 2, 0 to 1. */
  readonly within1: number;
  readonly within2: number;
  readonly average: number;
  readonly max: number;
}

/** The rung of the ladder that decides a case; see the design's verification page. */
export type Rung = 'commit' | 'likeness' | 'spot-check' | 'escalation' | 'referee' | 'deadline';

export interface AdversaryResult {
  readonly name: string;
  /** One line: what it does. */
  readonly title: string;
  readonly group: 'other-picture' | 'less-work' | 'altered-picture' | 'forged-hash' | 'copy';
  /** Time to make one result, milliseconds; count 0 where it takes a result that exists. */
  readonly msPerPicture: Spread;
  /** That time as a share of the honest time on the same profile; 0 where it does no work. */
  readonly cost: number;
  /** Jobs in which it has a result: those in which it gave up are missing. */
  readonly results: Rate;
  /** Results equal byte for byte to the reference profile's file. */
  readonly equalFiles: Rate;
  readonly hashes: ByHash<AdversaryHashResult>;
  /** In committees with honest members, at the model's profile of today. */
  readonly committees: readonly AdversaryCommitteeResult[];
  /** Results that likeness takes at the model's profile of today: 1 - detection. */
  readonly passes: Rate;
  /** What decides it where likeness does not, with `passes` as the reason. */
  readonly decidedBy: readonly Rung[];
  /** Why, in a sentence or two, with the measured numbers. */
  readonly explanation: string;
}

export interface AdversaryHashResult {
  /** Distances to the results of all honest profiles, 65 bins. */
  readonly histogram: readonly number[];
  /** Caught, by threshold 0 to 64: one honest verifier is drawn for each job. */
  readonly detection: readonly Rate[];
  /** Area under the ROC curve against honest pairs, 0 to 1: 0.5 is a coin. */
  readonly auc: number;
}

export interface AdversaryCommitteeResult {
  /** 3 or 5. */
  readonly size: number;
  /** Members that hand in this adversary's one result, the others are honest. */
  readonly adversaries: number;
  /** The adversary is in the majority. */
  readonly paid: Rate;
  /** The committee has no majority. */
  readonly noMajority: Rate;
  /** An honest member is outside the majority. */
  readonly honestUnpaid: Rate;
}

export interface ProtocolAdversaryResult {
  readonly name: string;
  readonly title: string;
  readonly decidedBy: Rung;
  /** Attempts that the protocol's own code caught or bore. */
  readonly stopped: Rate;
  /** What `stopped` counts, e.g. "commitments that did not open". */
  readonly counts: string;
  readonly explanation: string;
}

/** Replays of one step from another's committed latents; distances are relative L2. */
export interface SpotCheckResult {
  readonly steps: number;
  /** Committed by `committer`, replayed by `replayer`: ordered pairs of honest profiles. */
  readonly pairs: readonly StepDistances[];
  readonly adversaries: readonly StepAdversaryResult[];
  /** Over all honest pairs, by step from 1: index 0 is step 1. */
  readonly honestByStep: readonly Spread[];
  readonly honestMax: number;
  /**
   * Recommended tolerance of each step, relative L2; index 0 is step 1. Honest distances grow along
   * the walk, so that one tolerance for all steps would be loose at the first ones.
   */
  readonly toleranceByStep: readonly number[];
  /** One tolerance for all steps: the largest of those. */
  readonly tolerance: number;
  /** Least ratio of a step's tolerance to the largest honest distance at that step. */
  readonly honestMargin: number;
  /** Least ratio of a forged step's distance to that step's tolerance, by adversary the smallest. */
  readonly adversaryMargin: { readonly adversary: string; readonly margin: number };
  /** Honest steps outside the tolerance; replays of one job are not independent. */
  readonly falseAlarmSteps: Rate;
  /** Jobs with any honest step outside the tolerance: independent trials. */
  readonly falseAlarmJobs: Rate;
  /** 1 - (1 - q / steps)^k, and exactly, drawing steps without replacement. */
  readonly detection: readonly DetectionRow[];
  /** The other end of the check: the last latent decodes to the delivered pixels. */
  readonly pixels: PixelCheckResult;
}

/**
 * Delivered pixels against those that another honest profile decodes from the committed last
 * latent: mean absolute difference of a channel, 0 to 255.
 */
export interface PixelCheckResult {
  readonly honest: Spread;
  /** Twice the largest honest difference. */
  readonly tolerance: number;
  readonly adversaries: readonly {
    readonly name: string;
    readonly title: string;
    readonly difference: Spread;
    /** Pictures outside the tolerance. */
    readonly caught: Rate;
  }[];
}

export interface StepDistances {
  readonly committer: string;
  readonly replayer: string;
  readonly jobs: number;
  /** By step from 1, over jobs. */
  readonly byStep: readonly Spread[];
  readonly max: number;
}

export interface StepAdversaryResult {
  readonly name: string;
  readonly title: string;
  readonly jobs: number;
  /** Steps of one trajectory that it did not compute as asked. */
  readonly forgedSteps: number;
  /** Over forged steps, by step from 1; count 0 where a step is honest. */
  readonly byStep: readonly Spread[];
  /** Smallest distance of a forged step. */
  readonly min: number;
  /** Its latent 0 is not the noise of the job's seed: caught without a replay. */
  readonly wrongNoise: Rate;
  /** Forged steps outside their step's tolerance. */
  readonly caughtSteps: Rate;
  /** The same with one tolerance for all steps. */
  readonly caughtStepsOneTolerance: Rate;
  /** Jobs with at least one forged step outside the tolerance. */
  readonly caughtJobs: Rate;
  /** Mean share of a trajectory's steps outside their tolerance: q / steps of the table. */
  readonly badShare: number;
  /** Chance that k drawn steps, without replacement, catch it: k = 1, 2, 3, 5, 10; mean over jobs. */
  readonly detection: readonly { readonly checks: number; readonly probability: number }[];
}

export interface DetectionRow {
  /** Skipped steps. */
  readonly skipped: number;
  readonly checks: number;
  readonly withReplacement: number;
  readonly withoutReplacement: number;
}

export interface RecommendationResult {
  /** Ready for the manifest's `profile` and for MsgRegisterModel. */
  readonly profile: VerificationProfile;
  /** Relative L2 of one step, and the same in millionths for a chain without floats. */
  readonly stepTolerance: number;
  readonly stepToleranceMillionths: number;
  /** By step from 1, in millionths. */
  readonly stepTolerancesMillionths: readonly number[];
  /** How hash and threshold were chosen. */
  readonly rule: string;
  /** Every hash and threshold that was looked at, in the order of preference. */
  readonly candidates: readonly CandidateResult[];
  /**
   * An honest node slashed for a step: upper bound for one challenged run, any of its steps
   * outside the tolerance. A vote slashes nobody.
   */
  readonly falseSlash: { readonly byVote: 0; readonly byStep: Rate };
  /** An honest member not paid, by size of committee. */
  readonly falseUnpaid: readonly {
    readonly size: number;
    readonly rate: number;
    /** Committees with some unpaid member: independent trials. */
    readonly committees: Rate;
  }[];
}

export interface CandidateResult {
  readonly hash: HashName;
  readonly thresholdBits: number;
  /** Honest pairs further apart, the worst pair of profiles. */
  readonly worstFalseAlarm: Rate;
  /** The adversary of another picture that is caught least. */
  readonly leastDetected: { readonly adversary: string; readonly detection: Rate };
  /** Pictures of the same class taken for alike: independent pairs. */
  readonly sameClassCollision: Rate;
  readonly eligible: boolean;
}

export interface DepositResult {
  /** In words and symbols, one line. */
  readonly formula: string;
  /** Share of the stake that a proven fault costs: the chain's default. */
  readonly slashShare: number;
  readonly rows: readonly DepositRow[];
}

export interface DepositRow {
  readonly adversary: string;
  /** Cost that it saves, as a share of an honest run's. */
  readonly saves: number;
  /** Passes the vote (upper bound). */
  readonly passesVote: number;
  /** A step check catches it with this chance, by number of checks. */
  readonly checks: number;
  readonly caught: number;
  /** Least stake, in payments for one job, at which cheating loses; null where nothing slashes. */
  readonly stakeInPayments: number | null;
}

export interface FindingsResult {
  /**
   * Adversaries that pass at all at average hash, threshold 2, the most successful first: the
   * paper's reference point, whatever the model's profile is.
   */
  readonly passAverageHash: readonly PassingAdversary[];
  /** Plain sentences with their numbers, most important first. */
  readonly statements: readonly string[];
}

export interface PassingAdversary {
  readonly adversary: string;
  /** One line: what it does. */
  readonly title: string;
  readonly passes: Rate;
  /** The rung that catches it where likeness does not. */
  readonly caughtBy: Rung;
  /** What that rung sees, in a sentence or two, with the measured numbers. */
  readonly evidence: string;
}
