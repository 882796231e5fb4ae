import { createReadStream } from 'node:fs';
import { appendFile, mkdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { planId, type StudyPlan } from './plan.ts';
import { fromLine, type StudyRecord, toLine } from './record.ts';

/** A study's folder: its plan, and what came of it so far, line by line. */
export interface RecordLog {
  /** All records, in the order they were written. */
  read(): AsyncIterable<StudyRecord>;
  /** Adds a block of records at the end, the last of which is of work. @throws StudyDiskError */
  append(records: readonly StudyRecord[]): Promise<void>;
}

/** The folder takes no more; what is in it stays good, and the study can be resumed. */
export class StudyDiskError extends SemblanceError<'STUDY_DISK', { path: string }> {
  constructor(path: string, cause: unknown) {
    const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const reason = why === 'ENOSPC' ? 'no space left on the disk' : why;
    super('STUDY_DISK', `${path}: ${reason}; finished work is kept`, { path }, { cause });
  }
}

/**
 * Opens the folder of a study, or starts it. A block of records that was cut off is dropped.
 *
 * @throws InvalidInputError when the folder holds another study
 * @throws StudyDiskError when it cannot be written
 */
export async function openRecordLog(dir: string, plan: StudyPlan): Promise<RecordLog> {
  const path = join(dir, 'records.jsonl');
  await writing(dir, () => mkdir(dir, { recursive: true }));
  await keepPlan(join(dir, 'plan.json'), plan);
  await writing(path, () => dropTornBlock(path));
  return {
    read: () => readRecords(path),
    append: (records) =>
      writing(path, () => appendFile(path, records.map(toLine).join(''), { flush: true })),
  };
}

async function keepPlan(path: string, plan: StudyPlan): Promise<void> {
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known === undefined) {
    await writing(path, async () => {
      await writeFile(`${path}.new`, `${JSON.stringify(plan, null, 1)}\n`, { flush: true });
      await rename(`${path}.new`, path);
    });
  } else if (readPlanId(path, known) !== planId(plan)) {
    throw new InvalidInputError(
      'out',
      `${path} is of another study, or of another machine; choose an empty folder`,
    );
  }
}

function readPlanId(path: string, text: string): string {
  try {
    return planId(JSON.parse(text) as StudyPlan);
  } catch (cause) {
    throw new InvalidInputError('out', `${path} is damaged; choose an empty folder`, { cause });
  }
}

/** Cuts the file behind its last whole block, which ends with a record of the work it took. */
async function dropTornBlock(path: string): Promise<void> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size === 0) return;
  let [end, at] = [0, 0];
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 0 })) {
    at += Buffer.byteLength(line) + 1;
    if (at <= size && fromLine(line)?.kind === 'work') end = at;
  }
  if (end < size) await truncate(path, end);
}

async function* readRecords(path: string): AsyncGenerator<StudyRecord> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size === 0) return;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 0 })) {
    const record = fromLine(line);
    // a damaged record is made again
    if (record !== undefined) yield record;
  }
}

async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new StudyDiskError(path, cause);
  }
}
