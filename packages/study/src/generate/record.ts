import { crc32 } from 'node:zlib';

/** What came of one job from one source, an honest profile or an adversary. */
export type PictureRecord = {
  readonly kind: 'picture';
  readonly source: string;
  readonly job: number;
  /** Milliseconds to make the picture. */
  readonly ms: number;
} & (
  | { readonly made: false }
  | {
      readonly made: true;
      /** SHA-256 of the file, hexadecimal. */
      readonly file: string;
      /** Hexadecimal, in the order of HASH_NAMES. */
      readonly hashes: readonly string[];
      /** Milliseconds of each of them. */
      readonly hashMs: readonly number[];
    }
);

/** A trajectory's steps run again by somebody else, each from the latents that were committed to. */
export interface ReplayRecord {
  readonly kind: 'replay';
  /** A profile or a trajectory adversary. */
  readonly committer: string;
  readonly replayer: string;
  readonly job: number;
  /** Relative L2 by step, from step 1. */
  readonly distances: readonly number[];
  /** Steps, from 1, that were not computed as the job asks; empty for honest ones. */
  readonly forged: readonly number[];
  /** Whether latent 0 is not the noise of the seed. */
  readonly wrongNoise: boolean;
}

/** Delivered pixels against those that somebody else decodes from the committed last latent. */
export interface PixelRecord {
  readonly kind: 'pixels';
  /** A profile or an adversary that alters pictures. */
  readonly committer: string;
  readonly replayer: string;
  readonly job: number;
  /** Mean absolute difference of a channel, 0 to 255. */
  readonly difference: number;
}

/** How long a piece of work took all in all. */
interface WorkRecord {
  readonly kind: 'work';
  readonly lane: string;
  readonly jobs: number;
  readonly seconds: number;
}

export type StudyRecord = PictureRecord | ReplayRecord | PixelRecord | WorkRecord;

/** A line: eight digits of CRC-32 over the rest, a space, JSON. */
export function toLine(record: StudyRecord): string {
  const json = JSON.stringify(record);
  return `${checkOf(json)} ${json}\n`;
}

/**
 * The record of a line; undefined for one that is damaged, as the last one is when the machine
 * stopped while it was written.
 */
export function fromLine(line: string): StudyRecord | undefined {
  const json = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checkOf(json)) return undefined;
  return JSON.parse(json) as StudyRecord;
}

function checkOf(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
