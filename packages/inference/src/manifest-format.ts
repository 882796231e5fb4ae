import { concat, fromHex, fromUint64, fromUtf8, toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { merkleRoot } from '@semblance/core/merkle';
import { JsonReader } from './json-reader.ts';
import { MAX_GUIDANCE, MAX_PROMPT_BYTES, type RequestLimits } from './request.ts';
import { SCHEDULER_NAMES, type SchedulerName } from './schedulers/scheduler.ts';

/*
 * The form of models/<id>/manifest.json: what a model is, what it accepts, how its results are
 * compared, and every file by size and SHA-256. No I/O here.
 */

export const MANIFEST_FORMAT = 'semblance/manifest/v1';

export interface ManifestFile {
  /** Relative to the model's folder, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** Lower-case letters, digits and single hyphens, at most 64. */
  readonly id: string;
  readonly title: string;
  /** SPDX expression. */
  readonly licence: string;
  readonly pipeline: 'stable-diffusion';
  readonly defaults: {
    readonly width: number;
    readonly height: number;
    readonly steps: number;
    readonly guidance: number;
    readonly scheduler: SchedulerName;
  };
  readonly limits: RequestLimits;
  /** How two results are told alike; calibrated by a study. */
  readonly profile: {
    readonly hash: 'average' | 'perceptual' | 'difference' | 'color';
    readonly thresholdBits: number;
    readonly committeeSizes: readonly number[];
  };
  readonly suggestedPrompts: readonly string[];
  /** Ascending by path, in byte order. */
  readonly files: readonly ManifestFile[];
  /** {@link weightsRoot} of the files, in hexadecimal. */
  readonly weightsRoot: string;
}

const MAX_FILES = 256;
const MAX_FILE_BYTES = 2 ** 36;
// onnx_data and pb: the tensors of an ONNX model too large for one file, read as numbers only
const ALLOWED = /\.(onnx|onnx_data|pb|json|safetensors|txt)$/;
const PATH = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,7}$/;

/** Validates a parsed manifest.json. @throws InvalidInputError naming the field. */
export function parseManifest(json: unknown): Manifest {
  const root = new JsonReader('manifest', json);
  root.only([
    'format',
    'id',
    'title',
    'licence',
    'pipeline',
    'defaults',
    'limits',
    'profile',
    'suggestedPrompts',
    'files',
    'weightsRoot',
  ]);
  const limits = parseLimits(root.object('limits'));
  const manifest: Manifest = {
    format: root.choice('format', [MANIFEST_FORMAT]),
    id: root.text('id', { max: 64, pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/ }),
    title: root.text('title', { max: 200 }),
    licence: root.text('licence', { max: 200 }),
    pipeline: root.choice('pipeline', ['stable-diffusion']),
    defaults: parseDefaults(root.object('defaults'), limits),
    limits,
    profile: parseProfile(root.object('profile')),
    suggestedPrompts: root.has('suggestedPrompts')
      ? root.texts('suggestedPrompts', { count: 64, max: MAX_PROMPT_BYTES })
      : [],
    files: parseFiles(root),
    weightsRoot: root.text('weightsRoot', { max: 64, pattern: /^[0-9a-f]{64}$/ }),
  };
  if (weightsRoot(manifest.files) !== manifest.weightsRoot) {
    throw new InvalidInputError('manifest.weightsRoot', 'not the root of the files');
  }
  return manifest;
}

/**
 * RFC 6962 Merkle root over the files, in hexadecimal. Leaf data of a file:
 * "semblance/model-file/v1" || uint64(length of path) || path || uint64(bytes) || SHA-256,
 * integers big-endian, path in UTF-8; leaves ascending by path in byte order.
 */
export function weightsRoot(files: readonly ManifestFile[]): string {
  return toHex(merkleRoot([...files].sort(byPath).map(leaf)));
}

/** Byte order of the path; the permitted characters make that the order of code units. */
export function byPath(a: ManifestFile, b: ManifestFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** Whether a manifest may pin `path`: a relative path of plain names to data that cannot run. */
export function isModelPath(path: string): boolean {
  return path.length <= 256 && PATH.test(path) && ALLOWED.test(path);
}

const LEAF = fromUtf8('semblance/model-file/v1');

function leaf({ path, bytes, sha256 }: ManifestFile): Uint8Array {
  const name = fromUtf8(path);
  const length = fromUint64(BigInt(name.length));
  return concat(LEAF, length, name, fromUint64(BigInt(bytes)), fromHex(sha256));
}

function parseFiles(root: JsonReader): ManifestFile[] {
  const files = root.objects('files', MAX_FILES).map((file) => {
    file.only(['path', 'bytes', 'sha256']);
    const path = file.text('path', { max: 256 });
    if (!isModelPath(path)) {
      throw new InvalidInputError(
        'manifest.files.path',
        `${path}: not a plain relative path to an ONNX, JSON, safetensors or text file`,
      );
    }
    return {
      path,
      bytes: file.integer('bytes', 0, MAX_FILE_BYTES),
      sha256: file.text('sha256', { max: 64, pattern: /^[0-9a-f]{64}$/ }),
    };
  });
  files.forEach((file, i) => {
    const before = files[i - 1];
    if (before !== undefined && byPath(before, file) >= 0) {
      throw new InvalidInputError('manifest.files', 'not ascending by path');
    }
  });
  return files;
}

function parseLimits(limits: JsonReader): RequestLimits {
  limits.only(['sizeMultiple', 'minSize', 'maxSize', 'maxSteps', 'schedulers']);
  const sizeMultiple = limits.integer('sizeMultiple', 1, 1024);
  const minSize = limits.integer('minSize', sizeMultiple, 4096);
  return {
    sizeMultiple,
    minSize,
    maxSize: limits.integer('maxSize', minSize, 4096),
    maxSteps: limits.integer('maxSteps', 1, 999),
    schedulers: limits.choices('schedulers', SCHEDULER_NAMES),
  };
}

function parseDefaults(defaults: JsonReader, limits: RequestLimits): Manifest['defaults'] {
  defaults.only(['width', 'height', 'steps', 'guidance', 'scheduler']);
  return {
    width: defaults.integer('width', limits.minSize, limits.maxSize),
    height: defaults.integer('height', limits.minSize, limits.maxSize),
    steps: defaults.integer('steps', 1, limits.maxSteps),
    guidance: defaults.real('guidance', 0, MAX_GUIDANCE),
    scheduler: defaults.choice('scheduler', limits.schedulers),
  };
}

function parseProfile(profile: JsonReader): Manifest['profile'] {
  profile.only(['hash', 'thresholdBits', 'committeeSizes']);
  return {
    hash: profile.choice('hash', ['average', 'perceptual', 'difference', 'color']),
    thresholdBits: profile.integer('thresholdBits', 0, 64),
    committeeSizes: profile.choices('committeeSizes', [1, 3, 5, 7]),
  };
}
