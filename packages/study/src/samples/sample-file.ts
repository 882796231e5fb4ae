import { InvalidInputError } from '@semblance/core/errors';
import * as z from 'zod';
import type { Sample } from './sample.ts';

/*
 * Samples in a text file: on the first line where and of what they were taken, then a sample a line.
 */

export const SAMPLES_FORMAT = 'semblance/samples/v1';
const MAX_SAMPLES = 100_000;

export interface SampleHeader {
  readonly format: typeof SAMPLES_FORMAT;
  readonly model: string;
  readonly weightsRoot: string;
  /** The processor and the versions that decide the bits, by name. */
  readonly machine: Readonly<Record<string, string>>;
}

const HEX64 = z.string().regex(/^[0-9a-f]{16}$/);
export const SHORT = z.string().max(200);
export const WEIGHTS_ROOT = z.string().regex(/^[0-9a-f]{64}$/);
/** The fields of a place. */
export const PLACE = { prompt: z.string().max(1024), seed: z.int().min(0) };
/** What is kept of the way to a picture. */
export const TRACE = { noise: HEX64, sketches: z.array(SHORT).length(4) };

const HEADER = z.strictObject({
  format: z.literal(SAMPLES_FORMAT),
  model: SHORT,
  weightsRoot: WEIGHTS_ROOT,
  machine: z.record(SHORT, SHORT),
});

const SAMPLE = z.strictObject({
  runtime: SHORT,
  ...PLACE,
  ...TRACE,
  pixels: HEX64,
  hashes: z.strictObject({
    average: HEX64,
    perceptual: HEX64,
    difference: HEX64,
    color: z.string().regex(/^[0-9a-f]{12}$/),
  }),
});

export function formatSamples(header: SampleHeader, samples: readonly Sample[]): string {
  return [header, ...samples].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** @throws InvalidInputError naming the line that is wrong */
export function parseSamples(text: string): { header: SampleHeader; samples: Sample[] } {
  const [first = '', ...lines] = text.trimEnd().split('\n');
  if (lines.length > MAX_SAMPLES) throw new InvalidInputError('samples', 'too many');
  return {
    header: parseLine(HEADER, first, 1),
    samples: lines.map((line, i) => parseLine(SAMPLE, line, i + 2)),
  };
}

/** @throws InvalidInputError naming the line by its number */
export function parseLine<T>(schema: z.ZodType<T>, line: string, number: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause) : 'not JSON';
    throw new InvalidInputError(`samples line ${number}`, reason.replaceAll('\n', ' '), { cause });
  }
}
