import { type Job, job, type Member } from '../src/job.ts';

export const FILES = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

const member = (index: number) => ({
  node: `sem1node${index}`,
  role: index === 0 ? 'executor' : 'verifier',
  runtime: 'onnxruntime, cpu',
  state: 'revealed',
  progress: null,
  sha256: FILES[index],
  bytes: 6000 + index,
  url: 'https://elsewhere.example/picture.png',
  hashes: {
    average: `000000000000000${index}`,
    perceptual: '00000000000000ff',
    difference: '0000000000000000',
    color: '000000000000',
  },
  distance: index,
  standing: 'majority',
  fault: '',
  payout: '30000',
});

/** A settled JobView as the sequencer sends it: three files, at most two bits apart. */
export const SETTLED = {
  id: '1'.repeat(64),
  status: 'settled',
  request: {
    model: 'emoji-64',
    mode: 'text_to_image',
    inputs: [],
    strength: null,
    conditioning_scale: null,
    prompt: 'a red apple',
    negative_prompt: '',
    seed: '18446744073709551615',
    steps: 20,
    width: 64,
    height: 64,
    guidance: 4,
    scheduler: 'ddim',
  },
  requester: 'sem1me',
  fee: '100000',
  committee_size: 3,
  created_at: 1_700_000_000_000,
  submitted_height: 10,
  settled_height: 14,
  settled_at: 1_700_000_004_000,
  verdict: 'agreed',
  committee: [0, 1, 2].map(member),
  distances: [
    [0, 1, 1],
    [1, 0, 2],
    [1, 2, 0],
  ],
  threshold_bits: 2,
  hash: 'average',
  result: { sha256: FILES[0], url: 'javascript:alert(1)' },
  payouts: { producer: '10000', nodes: {}, refund: '0' },
  error: null,
};

/** A model as the sequencer lists it. */
export const MODEL = {
  id: 'emoji-64',
  title: 'Emoji 64',
  defaults: { width: 64, height: 64, steps: 20, guidance: 4, scheduler: 'ddim' },
  limits: {
    size_multiple: 8,
    min_size: 60,
    max_size: 80,
    max_steps: 50,
    schedulers: ['ddim'],
    modes: ['text_to_image', 'control'],
  },
  profile: { hash: 'average', threshold_bits: 2, committee_sizes: [1, 3, 5] },
  min_fee: '100000',
  suggested_prompts: ['a fox'],
};

export function settledJob(change: Partial<Job> = {}): Job {
  return { ...job(SETTLED, 'job'), ...change };
}

export function withMembers(...changes: readonly Partial<Member>[]): readonly Member[] {
  return settledJob().committee.map((known, index) => ({ ...known, ...changes[index] }));
}
