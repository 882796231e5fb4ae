import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';
import { writeAtOnce } from '../disk.ts';
import type { DatasetPlan } from './plan.ts';

const PLAN = 'plan.json';

interface PlanFile {
  /** Told from all other data sets, so that a job sent twice for one is known as the same. */
  readonly run: string;
  readonly plan: DatasetPlan;
}

/**
 * Refuses a folder that holds something else than the data set of this plan.
 *
 * @throws InvalidInputError naming what differs
 */
export async function assertFolder(dir: string, plan: DatasetPlan): Promise<void> {
  if (!existsSync(dir)) return;
  if (existsSync(join(dir, PLAN))) return assertSame(dir, await readPlan(dir), plan);
  const names = await readdir(dir).catch(() => {
    throw new InvalidInputError(dir, 'not a folder');
  });
  // What a run that died before it had written its plan leaves.
  const other = names.find((name) => !/^(hashes\.jsonl\.|plan\.json\.)/.test(name));
  if (other !== undefined) throw new InvalidInputError(dir, 'neither empty nor a data set');
}

/**
 * Writes the plan down, unless it was already. Returns the name of the run.
 *
 * @throws InvalidInputError as above
 */
export async function keepPlan(dir: string, plan: DatasetPlan): Promise<string> {
  const path = join(dir, PLAN);
  if (existsSync(path)) {
    const before = await readPlan(dir);
    assertSame(dir, before, plan);
    return before.run;
  }
  const file: PlanFile = { run: randomBytes(16).toString('hex'), plan };
  await writeAtOnce(path, [Buffer.from(`${JSON.stringify(file, null, 1)}\n`)]);
  return file.run;
}

function assertSame(dir: string, before: PlanFile, plan: DatasetPlan): void {
  const field = firstDifference(before.plan, plan);
  if (field === undefined) return;
  throw new InvalidInputError(
    dir,
    `holds a data set with another ${field}; give the options it began with, or another folder`,
  );
}

async function readPlan(dir: string): Promise<PlanFile> {
  const path = join(dir, PLAN);
  try {
    const file = JSON.parse(await readFile(path, 'utf8')) as Partial<PlanFile>;
    if (/^[0-9a-f]{1,64}$/.test(file.run ?? '') && file.plan) return file as PlanFile;
  } catch (cause) {
    throw new InvalidInputError(path, 'not the plan of a data set', { cause });
  }
  throw new InvalidInputError(path, 'not the plan of a data set');
}

/** Where two plans part, like `request.steps`. */
function firstDifference(a: unknown, b: unknown): string | undefined {
  if (JSON.stringify(a) === JSON.stringify(b)) return undefined;
  if (!isFields(a) || !isFields(b)) return '';
  for (const name of Object.keys({ ...a, ...b })) {
    const inside = firstDifference(a[name], b[name]);
    if (inside !== undefined) return inside === '' ? name : `${name}.${inside}`;
  }
  return '';
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
