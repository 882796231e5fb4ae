import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { formatChecked, parseChecked } from '../checked-json.ts';
import { type HashName, type PictureRecord, recordOf } from '../pictures/record.ts';
import type { DatasetItem, DatasetPlan } from './plan.ts';

/*
 * A sample is three files of one key, as WebDataset has them: KEY.cls the class's number, KEY.json
 * what is known of the image, KEY.png the image.
 */

/** The parts in their order; archives and folders hold them in this one. */
export const PARTS = ['cls', 'json', 'png'] as const;
export type Part = (typeof PARTS)[number];
export type SampleFiles = Readonly<Record<Part, Uint8Array>>;

/** An image that was made, and by what. */
export interface MadeImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** In hex. */
  readonly hashes: Readonly<Record<HashName, string>>;
  /** Where it comes from, for the metadata. */
  readonly origin: ImageOrigin;
}

type ImageOrigin =
  | { readonly profile: string; readonly weights_root: string }
  | { readonly job_id: string; readonly receipt_url: string };

/** The files of an image that was made for `item`. */
export function sampleFiles(plan: DatasetPlan, item: DatasetItem, made: MadeImage): SampleFiles {
  const { key, seed } = item;
  const { id, name, synonyms, prompt } = item.class;
  const { png, width, height, hashes, origin } = made;
  const fields = {
    key,
    class: id,
    name,
    synonyms,
    model: plan.model,
    prompt,
    seed,
    ...plan.request,
    ...origin,
    image: { bytes: png.length, sha256: toHex(sha256(png)), width, height, ...hashes },
  };
  return {
    cls: Buffer.from(String(id)),
    json: Buffer.from(`${formatChecked(fields)}\n`),
    png,
  };
}

/**
 * The record of the image in a sample's files, or undefined when they are not those of `item`, whole
 * and as they were made. `path` is what the record calls it.
 */
export function readSample(
  item: DatasetItem,
  files: SampleFiles,
  path: string,
): PictureRecord | undefined {
  const fields = parseChecked(Buffer.from(files.json).toString('utf8').trimEnd());
  if (fields?.key !== item.key || fields.prompt !== item.class.prompt) return undefined;
  if (Buffer.from(files.cls).toString('latin1') !== String(item.class.id)) return undefined;
  const record = recordOf({ ...(fields.image as object), path });
  return record?.sha256 === toHex(sha256(files.png)) ? record : undefined;
}
