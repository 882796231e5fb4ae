import { once } from 'node:events';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { JobView } from '@semblance/sequencer/views';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../../packages/sequencer/test/support/gateway.ts';
import { readTar } from '../../packages/study/src/tar/reader.ts';
import { contentOf } from '../../packages/study/test/support/dataset.ts';
import { type Running, semblance, start } from './semblance.ts';

let folder: string;
let classes: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'semblance-dataset-e2e-'));
  classes = join(folder, 'classes.txt');
  await writeFile(classes, '0 koala, Phascolarctos cinereus\n1 owl\n2 castle\n');
});
afterAll(() => rm(folder, { recursive: true }));

const generate = ['dataset', 'generate'];
const quick = () => ['--classes', classes, '--per-class', '12', '--steps', '1'];

/** Bytes under a folder. */
function sizeOf(dir: string): number {
  if (!existsSync(dir)) return 0;
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  return entries.reduce((sum, entry) => {
    // A file may be renamed between the listing and the look at it.
    const stats = statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false });
    return sum + (stats?.isFile() ? stats.size : 0);
  }, 0);
}

/** Kills the process as soon as the condition holds; false when it had ended before. */
async function killWhen(run: Running, holds: () => boolean): Promise<boolean> {
  const closed = once(run.process, 'close');
  while (run.process.exitCode === null && !holds()) await setTimeout(1);
  const killed = run.process.exitCode === null && run.process.kill('SIGKILL');
  await closed;
  return killed;
}

describe.each(['tar', 'folders'])('dataset generate, %s', (layout) => {
  test('gives the same bytes however often it is killed', async () => {
    const [reference, dir] = [join(folder, `${layout}-whole`), join(folder, `${layout}-killed`)];
    const args = [...generate, ...quick(), '--layout', layout, '--shard-size', '10'];
    expect((await semblance(...args, '--out', reference, '--threads', '1')).code).toBe(0);
    const whole = sizeOf(reference);
    let kills = 0;
    for (let goal = 1; goal < whole; goal += 1 + Math.floor((Math.random() * whole) / 3)) {
      if (await killWhen(start(...args, '--out', dir), () => sizeOf(dir) >= goal)) kills++;
    }
    expect(kills).toBeGreaterThan(2);
    const { code, stdout } = await semblance(...args, '--out', dir, '--json');
    expect(code).toBe(0);
    const { kept, made, total } = JSON.parse(stdout);
    expect(kept + made).toBe(total);
    expect(kept).toBeGreaterThan(0);
    expect(await contentOf(dir)).toEqual(await contentOf(reference));
  });
});

describe('dataset generate', () => {
  test("makes the model's own classes, which study billion and hash read", async () => {
    const dir = join(folder, 'own');
    const args = ['--per-class', '1', '--steps', '1', '--out', dir];
    const { code, stdout } = await semblance(...generate, ...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/own: 72 images\n$/);
    const file = join(dir, 'hashes.jsonl');
    const options = ['--per-class', '1', '--no-peers', '--json'];
    const billion = await semblance('study', 'billion', '--file', file, ...options);
    expect(JSON.parse(billion.stdout)).toMatchObject({ runs: [{ count: 72, classes: 72 }] });
  });

  test('is interrupted without loss', async () => {
    const dir = join(folder, 'interrupted');
    const run = start(...generate, ...quick(), '--out', dir);
    const closed = once(run.process, 'close');
    while (sizeOf(dir) < 10_000) await setTimeout(1);
    run.process.kill('SIGINT');
    expect(await closed).toEqual([130, null]);
    expect(run.stderr()).toBe('semblance: interrupted; the same command goes on from there\n');
    const { stdout } = await semblance(...generate, ...quick(), '--out', dir, '--json');
    const { kept, made } = JSON.parse(stdout);
    expect(kept).toBeGreaterThan(0);
    expect(kept + made).toBe(36);
  });

  const mistakes: [string[], RegExp][] = [
    [[], /required option '-o, --out <folder>' not specified/],
    [['--out', 'x', '--classes', 'none.txt'], /none\.txt: no such file/],
    [['--out', 'x', '--model', 'none'], /--model: not one of emoji-128, emoji-64/],
    [['--out', 'x', '--profile', 'none'], /profile: no profile none; there are native-f32/],
    [['--out', 'x', '--steps', '1000'], /steps: not an integer from 1 to 100/],
    [['--out', 'x', '--per-class', '0'], /per-class: not an integer from 1/],
    [['--out', 'x', '--layout', 'zip'], /Allowed choices are tar, folders/],
    [['--out', 'x', '--jobs', '2'], /--jobs: needs --network/],
    [
      ['--out', 'x', '--network', 'http://127.0.0.1:9', '--threads', '2'],
      /--threads: not with --network/,
    ],
    [['--out', 'x', '--network', 'http://127.0.0.1:9'], /nothing answers at/],
    [['--out', tmpdir()], /neither empty nor a data set/],
  ];
  test.each(mistakes)('%j is one clear line', async (args, reason) => {
    const { code, stderr } = await semblance(...generate, ...args);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^semblance: [^\n]*\n$/);
    expect(code).toBe(args.at(-1) === 'http://127.0.0.1:9' ? 4 : 2);
    expect(existsSync('x')).toBe(false);
  });

  test('a line of the class file that is wrong is named', async () => {
    const wrong = join(folder, 'wrong.txt');
    await writeFile(wrong, '0 tench, Tinca tinca\ngoldfish\n');
    const { code, stderr } = await semblance(...generate, '--classes', wrong, '--out', 'x');
    expect(stderr).toMatch(/wrong\.txt: line 2: begins with no number/);
    expect(code).toBe(2);
  });
});

describe('on a network', () => {
  let gateway: TestGateway;
  let url: string;
  let model: string;
  beforeAll(async () => {
    gateway = await startGateway(3);
    ({ url } = await gateway.start());
    const answer = await fetch(`${url}/v1/models`);
    const { data } = (await answer.json()) as { data: [{ id: string }] };
    model = data[0].id;
  });
  afterAll(() => gateway.remove());

  test.each([
    [['--model', 'none'], /--model: not one of the network's: /],
    [['--steps', '100000'], /--steps: not from 1 to /],
    [['--committee', '2'], /--committee: not one of /],
  ])('%j is one clear line, and leaves no plan behind', async (wrong, reason) => {
    const dir = join(folder, 'refused');
    const given = [
      '--classes',
      classes,
      '--network',
      url,
      '--out',
      dir,
      '--model',
      model,
      ...wrong,
    ];
    const { code, stderr } = await semblance(...generate, ...given);
    expect(stderr).toMatch(reason);
    expect(stderr).toMatch(/^semblance: [^\n]*\n$/);
    expect(code).toBe(2);
    expect(existsSync(dir)).toBe(false);
  });

  test('every image can be traced to its receipt, and a killed run pays no job twice', async () => {
    const dir = join(folder, 'network');
    const args = [
      ...[...generate, '--classes', classes, '--per-class', '4', '--shard-size', '5'],
      ...['--model', model, '--network', url, '--jobs', '3', '--out', dir],
    ];
    const hashes = join(dir, 'hashes.jsonl.partial');
    const hasSome = () => (statSync(hashes, { throwIfNoEntry: false })?.size ?? 0) > 500;
    expect(await killWhen(start(...args), hasSome)).toBe(true);
    const { code, stdout, stderr } = await semblance(...args, '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ total: 12 });

    const receipts: string[] = [];
    for (const name of ['shard-000000.tar', 'shard-000001.tar', 'shard-000002.tar']) {
      const isWanted = (file: { name: string }) => file.name.endsWith('.json');
      for await (const { bytes } of readTar(createReadStream(join(dir, name)), isWanted)) {
        if (!bytes) continue;
        const about = JSON.parse(Buffer.from(bytes).toString());
        const receipt = await (await fetch(about.receipt_url)).json();
        const job = (await (await fetch(`${url}/v1/jobs/${about.job_id}`)).json()) as JobView;
        expect(about.receipt_url).toBe(`${url}/v1/receipts/${about.job_id}`);
        expect(JSON.stringify(receipt)).toContain(about.job_id);
        expect(job.result?.sha256).toBe(about.image.sha256);
        expect(job.request).toMatchObject({ prompt: about.prompt, seed: String(about.seed) });
        receipts.push(about.job_id);
      }
    }
    expect(new Set(receipts).size).toBe(12);
    // Jobs without a verdict apart, the network ran one for each image.
    const { data: jobs } = (await (await fetch(`${url}/v1/jobs?limit=100`)).json()) as {
      data: JobView[];
    };
    expect(
      jobs
        .filter(({ verdict }) => verdict === 'agreed')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(receipts.sort());
  });
});
