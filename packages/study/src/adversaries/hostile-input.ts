import { crc32, deflateSync } from 'node:zlib';
import { concat, fromUtf8 } from '@semblance/core/bytes';
import { SemblanceError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { requireLatents } from '@semblance/inference/replay';
import { validateRequest } from '@semblance/inference/request';
import { decodePng } from '@semblance/verification/png';
import type { StudyPlan } from '../generate/plan.ts';
import type { ProtocolAdversaryResult } from '../result.ts';
import { shareOf } from '../statistics/rate.ts';

type Request = StudyPlan['request'];

/**
 * Adversaries who send what is no result at all, to break whoever reads it. Each is refused by the
 * code that judges: an error of ours, before memory is taken; any other error is a hole, and thrown.
 *
 * @param files of honest results, SHA-256: what the garbage is made from, a try each
 */
export function tryHostileInputs(
  files: readonly Uint8Array[],
  request: Request,
): ProtocolAdversaryResult[] {
  const limits = { maxPixels: request.width * request.height, maxFileBytes: MAX_FILE_BYTES };
  const isRefusedAsFile = (file: Uint8Array) => isRefused(() => decodePng(file, limits));
  return [
    {
      name: 'garbage-bytes',
      title: 'Hands in random bytes, half of them behind a PNG signature',
      decidedBy: 'commit',
      stopped: shareOf(files, (seed) => isRefusedAsFile(garbageOf(seed))),
      counts: 'files that the decoder of the chain refuses',
      explanation: 'A revealed file that is no picture of the size asked for is a fault. Slashed.',
    },
    {
      name: 'decompression-bomb',
      title: 'Hands in a small PNG that unpacks to 1 MiB and up to 64 MiB, or claims huge sides',
      decidedBy: 'commit',
      stopped: shareOf(bombs(request), isRefusedAsFile),
      counts: 'files that are refused without unpacking them',
      explanation: 'Pixels are counted before they are unpacked, and unpacking ends with them.',
    },
    {
      name: 'nan-latents',
      title: 'Commits to latents with a number that is none, which no distance is larger than',
      decidedBy: 'spot-check',
      stopped: shareOf(files, (seed) => isRefused(() => requireLatents(spoilt(seed), 1, 64))),
      counts: 'trajectories that are refused before a step is replayed',
      explanation: 'NaN and infinity are outside of every tolerance.',
    },
    {
      name: 'huge-prompt',
      title: 'Asks for a job with a prompt of 1,025 bytes, 1 MB and 10 MB',
      decidedBy: 'admission',
      stopped: shareOf([1025, 1e6, 1e7], (size) =>
        isRefused(() =>
          validateRequest({ ...request, prompt: 'a'.repeat(size), seed: 0n }, limitsFor(request)),
        ),
      ),
      counts: 'prompts that are refused',
      explanation: 'A prompt has at most 1,024 bytes; it is measured before it is read.',
    },
  ];
}

/** The chain's default for a revealed file. */
const MAX_FILE_BYTES = 524_288;
const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function isRefused(judge: () => void): boolean {
  try {
    judge();
    return false;
  } catch (error) {
    if (error instanceof SemblanceError) return true;
    throw error;
  }
}

function garbageOf(seed: Uint8Array): Uint8Array {
  const blocks = Array.from({ length: 8 }, (_, n) => sha256(seed, Uint8Array.of(n)));
  return concat(...((seed[0] as number) % 2 === 0 ? [PNG_SIGNATURE] : []), ...blocks);
}

/** Zeros for far more pixels than the header says, and headers that say far too many. */
function bombs({ width, height }: Request): Uint8Array[] {
  const unpacking = [1, 4, 16, 64].map((mebibytes) =>
    png(width, height, new Uint8Array(mebibytes * 2 ** 20)),
  );
  return [...unpacking, png(2 ** 31 - 1, 2 ** 31 - 1, new Uint8Array(64))];
}

function png(width: number, height: number, samples: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(samples, { level: 9 });
  return concat(
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array()),
  );
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = concat(fromUtf8(type), data);
  const frame = new DataView(new ArrayBuffer(8));
  frame.setUint32(0, data.length);
  frame.setUint32(4, crc32(named));
  return concat(new Uint8Array(frame.buffer, 0, 4), named, new Uint8Array(frame.buffer, 4, 4));
}

/** Two latents of 64 numbers of which one, anywhere, is NaN or infinite. */
function spoilt(seed: Uint8Array): Float32Array[] {
  const latents = [new Float32Array(64), new Float32Array(64)];
  const [which = 0, at = 0, what = 0] = seed;
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][what % 3] as number;
  (latents[which % 2] as Float32Array)[at % 64] = bad;
  return latents;
}

/** Limits that take the study's own request, so that nothing but the prompt can be refused. */
function limitsFor({ width, height, steps, scheduler }: Request) {
  const [minSize, maxSize] = [Math.min(width, height), Math.max(width, height)];
  return { sizeMultiple: 1, minSize, maxSize, maxSteps: steps, schedulers: [scheduler] };
}
