import { sha256 } from '@semblance/core/sha256';
import { describe, expect, test } from 'vitest';
import { tryHostileInputs } from '../../src/adversaries/hostile-input.ts';
import { type ProtocolJob, tryProtocolAdversaries } from '../../src/adversaries/protocol.ts';

const hash = (last: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, last);
const files = Array.from({ length: 40 }, (_, n) => sha256(Uint8Array.of(n)));

/** Five honest results within 2 bits of each other, and a wrong one 8 bits away. */
const jobs: ProtocolJob[] = files.map((file, n) => ({
  honest: [0, 1, 2, 0, 3].map(hash),
  wrong: hash(255),
  file,
  otherFile: files[(n + 1) % files.length] as Uint8Array,
}));

describe('adversaries of the protocol', () => {
  const tried = new Map(tryProtocolAdversaries(jobs, 2).map((one) => [one.name, one]));

  test.each([
    'copycat',
    'bad-file-later',
    'equivocation',
    'forging-sequencer',
    'withheld-reveal',
    'collusion-2-of-5',
    'cries-foul',
  ])('%s is stopped in every job', (name) => {
    expect(tried.get(name)?.stopped).toMatchObject({ count: 40, trials: 40 });
  });

  test('two of three who collude win every vote, and the spot check has to decide', () => {
    expect(tried.get('collusion-2-of-3')).toMatchObject({
      stopped: { count: 0, trials: 40 },
      decidedBy: 'spot-check',
    });
  });

  test('what needs a network is not counted', () => {
    expect(tried.get('withheld-data')?.stopped.trials).toBe(0);
  });

  test('colluders are not stopped where honest members do not agree', () => {
    const apart = jobs.map((job) => ({ ...job, honest: [0, 0x0f, 0xf0].map(hash) }));
    const [found] = tryProtocolAdversaries(apart, 2).filter(
      ({ name }) => name === 'collusion-2-of-5',
    );
    // no majority of five either way: nobody is paid
    expect(found?.stopped).toMatchObject({ count: 40, trials: 40 });
  });
});

test('hostile input is refused, all of it', () => {
  const request = {
    width: 64,
    height: 64,
    steps: 20,
    guidance: 4,
    scheduler: 'unipc',
    negativePrompt: '',
  } as const;
  const tried = tryHostileInputs(files, request);
  expect(tried.map(({ name, stopped }) => [name, stopped.count, stopped.trials])).toEqual([
    ['garbage-bytes', 40, 40],
    ['decompression-bomb', 5, 5],
    ['nan-latents', 40, 40],
    ['huge-prompt', 3, 3],
  ]);
});
