import { open } from 'node:fs/promises';
import { toUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { promptFor } from './prompt.ts';

/** What a data set shows many times. */
export interface ImageClass {
  /** From 0; the label that a classifier learns. */
  readonly id: number;
  /** The noun of the prompt. */
  readonly name: string;
  readonly synonyms: readonly string[];
  readonly prompt: string;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_CLASSES = 100_000;
const MAX_ID = 9_999_999;
const MAX_NAME = 200;

/**
 * Reads classes, one a line as ImageNet's lists have them: `0 tench, Tinca tinca`, a number and its
 * names, of which the first goes into the prompt. Blank lines are passed over. Ascending by number.
 *
 * @throws InvalidInputError naming the file and the line
 */
export async function readClassFile(path: string): Promise<ImageClass[]> {
  return parseClasses(toUtf8(await readBounded(path), path), path);
}

/** The same of a text; `field` is what errors call it. */
export function parseClasses(text: string, field: string): ImageClass[] {
  const classes = new Map<number, ImageClass>();
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (const [n, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if (typeof parsed === 'string') throw new InvalidInputError(field, `line ${n + 1}: ${parsed}`);
    if (classes.has(parsed.id)) {
      throw new InvalidInputError(field, `line ${n + 1}: number ${parsed.id} a second time`);
    }
    if (classes.size === MAX_CLASSES) {
      throw new InvalidInputError(field, `line ${n + 1}: more than ${MAX_CLASSES} classes`);
    }
    classes.set(parsed.id, parsed);
  }
  if (classes.size === 0) throw new InvalidInputError(field, 'no class in it');
  return [...classes.values()].sort((a, b) => a.id - b.id);
}

/** The class of a line, or what is wrong with it. */
function parseLine(line: string): ImageClass | string {
  const match = /^\s*(\d+)(?:\s+(.*))?$/.exec(line);
  if (!match) return 'begins with no number, as in "0 tench, Tinca tinca"';
  const id = Number(match[1]);
  if (id > MAX_ID) return `number ${match[1]?.slice(0, 20)} is more than ${MAX_ID}`;
  const names = (match[2] ?? '').split(',').map((name) => name.trim());
  for (const name of names) {
    if (name === '') return 'an empty name';
    if (name.length > MAX_NAME) return `a name of more than ${MAX_NAME} characters`;
    if (/\p{Cc}/u.test(name)) return 'a control character in a name';
  }
  const [name, ...synonyms] = names as [string, ...string[]];
  return { id, name, synonyms, prompt: promptFor(name) };
}

async function readBounded(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      const kind = await file.stat();
      if (!kind.isFile()) throw new InvalidInputError(path, 'not a file');
      if (kind.size > MAX_BYTES) throw new InvalidInputError(path, `more than ${MAX_BYTES} bytes`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof InvalidInputError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new InvalidInputError(path, reason, { cause });
  }
}
