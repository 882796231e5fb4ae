import { amount, count, type Decode, fields, list, nullable, oneOf, real, text } from './decode.ts';

/** The hash that a model's verdicts go by. */
export type VoteHash = 'average' | 'perceptual' | 'difference' | 'color';

export const voteHash = oneOf('average', 'perceptual', 'difference', 'color');

export interface Model {
  readonly id: string;
  readonly title: string;
  readonly defaults: {
    readonly width: number;
    readonly height: number;
    readonly steps: number;
    readonly guidance: number;
    readonly scheduler: string;
  };
  readonly limits: {
    readonly sizeMultiple: number;
    readonly minSize: number;
    readonly maxSize: number;
    readonly maxSteps: number;
    readonly schedulers: readonly string[];
    readonly modes: readonly string[];
  };
  readonly profile: {
    readonly hash: VoteHash;
    readonly thresholdBits: number;
    readonly committeeSizes: readonly number[];
  };
  /** Smallest fee of a job, in usem. */
  readonly minFee: bigint;
  readonly suggestedPrompts: readonly string[];
}

export const model: Decode<Model> = (value, at) => {
  const it = fields(value, at);
  const id = text(it.id, `${at}.id`);
  const defaults = fields(it.defaults, `${at}.defaults`);
  const limits = fields(it.limits, `${at}.limits`);
  const profile = fields(it.profile, `${at}.profile`);
  return {
    id,
    title: nullable(text)(it.title, `${at}.title`) || id,
    defaults: {
      width: count(defaults.width, `${at}.defaults.width`),
      height: count(defaults.height, `${at}.defaults.height`),
      steps: count(defaults.steps, `${at}.defaults.steps`),
      guidance: real(defaults.guidance, `${at}.defaults.guidance`),
      scheduler: text(defaults.scheduler, `${at}.defaults.scheduler`),
    },
    limits: {
      sizeMultiple: count(limits.size_multiple, `${at}.limits.size_multiple`),
      minSize: count(limits.min_size, `${at}.limits.min_size`),
      maxSize: count(limits.max_size, `${at}.limits.max_size`),
      maxSteps: count(limits.max_steps, `${at}.limits.max_steps`),
      schedulers: list(text)(limits.schedulers, `${at}.limits.schedulers`),
      modes: list(text)(limits.modes, `${at}.limits.modes`),
    },
    profile: {
      hash: voteHash(profile.hash, `${at}.profile.hash`),
      thresholdBits: count(profile.threshold_bits, `${at}.profile.threshold_bits`),
      committeeSizes: list(count)(profile.committee_sizes, `${at}.profile.committee_sizes`),
    },
    minFee: amount(it.min_fee, `${at}.min_fee`),
    suggestedPrompts: nullable(list(text))(it.suggested_prompts, `${at}.suggested_prompts`) ?? [],
  };
};

const MAX_SIZES = 64;

/** Side lengths the model can paint, ascending. */
export function sizesOf({ limits }: Model): number[] {
  const step = Math.max(1, limits.sizeMultiple);
  const sizes: number[] = [];
  for (
    let size = Math.ceil(limits.minSize / step) * step;
    size <= limits.maxSize && sizes.length < MAX_SIZES;
    size += step
  ) {
    sizes.push(size);
  }
  return sizes;
}
