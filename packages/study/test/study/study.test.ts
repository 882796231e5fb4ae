import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStudyResult } from '../../src/read-result.ts';
import type { StudyResult } from '../../src/result.ts';
import { type RunStudyOptions, runStudy } from '../../src/study.ts';

/* A whole study, small: weights at random, three profiles, every adversary. */

const modelDir = fileURLToPath(new URL('../../../inference/test/fixtures/tiny', import.meta.url));
const PROFILES = ['native-f32', 'native-f16', 'native-bf16'];
const SEEDS = 3;

let folder: string;
let result: StudyResult;

function study(out: string, changed: Partial<RunStudyOptions> = {}): Promise<StudyResult> {
  return runStudy({
    modelDir,
    profiles: PROFILES,
    classes: undefined,
    seeds: SEEDS,
    adversaries: undefined,
    replays: SEEDS,
    processes: 1,
    command: 'a test',
    out: join(folder, out),
    ...changed,
  });
}

/** What of a record tells the picture: all but times. */
async function pictures(out: string): Promise<string[]> {
  const text = await readFile(join(folder, out, 'records.jsonl'), 'utf8');
  const records = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line.slice(9)));
  return records
    .filter(({ kind }) => kind !== 'work')
    .map((record) => JSON.stringify({ ...record, ms: 0, hashMs: [] }))
    .sort();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-study-'));
  result = await study('whole');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a study', () => {
  test('writes a result that the report accepts', async () => {
    const path = join(folder, 'whole', 'result.json');
    expect(readStudyResult(await readFile(path, 'utf8'), path).plan.jobs).toBe(SEEDS);
    expect(result.profiles.map(({ pictures: made }) => made)).toEqual([SEEDS, SEEDS, SEEDS]);
  });

  test('gives honest copies no distance and random pixels a large one', () => {
    const of = (name: string) => result.adversaries.find((one) => one.name === name);
    expect(of('echo')?.passes).toMatchObject({ count: SEEDS, trials: SEEDS });
    expect(of('random-output')?.passes).toMatchObject({ count: 0, trials: SEEDS });
    expect(of('recompressed')?.passes.trials).toBe(SEEDS);
  });

  test('sees a wrong seed in latent 0, and forged steps by their distance', () => {
    const of = (name: string) => result.spotCheck.adversaries.find((one) => one.name === name);
    expect(of('wrong-seed')).toMatchObject({ jobs: SEEDS, wrongNoise: { count: SEEDS } });
    expect(of('no-guidance')?.wrongNoise.count).toBe(0);
    expect(of('no-guidance')?.detection.at(-1)?.probability).toBe(1);
  });

  test('goes on where it was cut off, in the middle of a block of records too', async () => {
    const cut = new AbortController();
    const running = study('cut', {
      signal: cut.signal,
      onProgress: ({ done }) => done >= 2 && cut.abort(new Error('cut off')),
    });
    await expect(running).rejects.toThrow('cut off');
    const whole = (await readFile(join(folder, 'whole', 'records.jsonl'), 'utf8')).split('\n');
    const replays = whole.filter((line) => line.includes('"kind":"replay"'));
    const half = `${replays.slice(0, 5).join('\n')}\n${replays[5]?.slice(0, 40)}`;
    await appendFile(join(folder, 'cut', 'records.jsonl'), half);
    await study('cut');
    expect(await pictures('cut')).toEqual(await pictures('whole'));
  });

  test('makes a picture again whose record was damaged', async () => {
    const path = join(folder, 'whole', 'records.jsonl');
    const text = await readFile(path, 'utf8');
    const before = await pictures('whole');
    await writeFile(path, text.replace('"source":"native-bf16"', '"source":"native-bf17"'));
    await study('whole');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, lines.filter((line) => !line.includes('bf17')).join('\n'));
    expect(new Set(await pictures('whole'))).toEqual(new Set(before));
  });
});

describe('wrong use is one clear line', () => {
  test.each<[Partial<RunStudyOptions>, RegExp]>([
    [{ profiles: ['native-f32'] }, /profiles: likeness takes two at least/],
    [{ profiles: ['native-f32', 'none'] }, /profile: no profile none; there are native-f32/],
    [{ profiles: ['native-f32', 'native-f32'] }, /profiles: native-f32 is named twice/],
    [{ adversaries: ['nobody'] }, /adversaries: no nobody; there are random-output/],
    [{ classes: 2 }, /classes: not an integer from 1 to 1: 2/],
    [{ seeds: 0 }, /seeds: not an integer from 1/],
    [{ replays: 0 }, /replays: not an integer from 1/],
    [{ processes: 0 }, /processes: not an integer from 1 to 64/],
    [{ modelDir: '/nowhere' }, /manifest\.json/],
  ])('%j', async (changed, message) => {
    await expect(study('wrong', changed)).rejects.toThrow(message);
  });

  test('a folder of another study', async () => {
    await expect(study('whole', { seeds: SEEDS - 1 })).rejects.toThrow(/out: .* another study/);
  });

  test('a folder that cannot be written keeps what is there', async () => {
    await expect(study('../../dev/null/x')).rejects.toMatchObject({ code: 'STUDY_DISK' });
  });
});
