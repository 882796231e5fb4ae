import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { equals } from '@semblance/core/bytes';
import { syncFolder, writing } from '../disk.ts';
import { MAX_PICTURE_BYTES } from '../pictures/decode.ts';
import type { PictureRecord } from '../pictures/record.ts';
import { ByteReader } from '../tar/byte-reader.ts';
import { BLOCK, padding, parseTarHeader } from '../tar/header.ts';
import { TAR_END, tarEntry } from '../tar/writer.ts';
import { type ListedFile, listFile } from './listed-file.ts';
import { type DatasetItem, type DatasetPlan, imageCount, itemsOf } from './plan.ts';
import { PARTS, type Part, readSample } from './sample.ts';
import type { SampleStore, Survey } from './sample-store.ts';

/*
 * Shards are only appended to, one after another, under a name of their own until they are whole. A
 * process that dies leaves at most one sample cut short at the end of one, which the next run cuts
 * off; so the archive is the journal, and its bytes do not tell how often the run was killed.
 */

interface Shard {
  readonly name: string;
  readonly path: string;
  readonly partial: string;
  /** Its images are those from number `from` up to, not including, `to`. */
  readonly from: number;
  readonly to: number;
}

/** Samples in tar archives in the folder `dir`, as WebDataset reads them. */
export function tarStore(dir: string, plan: DatasetPlan): SampleStore {
  let current: { readonly shard: Shard; readonly file: FileHandle } | undefined;
  const shardOf = (index: number) => shardAt(dir, plan, Math.floor(index / plan.shardSize));

  async function openShard(shard: Shard): Promise<FileHandle> {
    if (current?.shard.name === shard.name) return current.file;
    await current?.file.close();
    current = undefined;
    const file = await writing(shard.partial, () => open(shard.partial, 'a'));
    current = { shard, file };
    return file;
  }

  async function seal(shard: Shard): Promise<void> {
    const file = await openShard(shard);
    await writing(shard.path, async () => {
      await file.appendFile(TAR_END);
      await file.sync();
      await file.close();
      current = undefined;
      await rename(shard.partial, shard.path);
      await syncFolder(dir);
    });
  }

  return {
    pathOf: ({ key, index }) => `${shardOf(index).name}/${key}.png`,
    async *survey() {
      for (let from = 0; from < imageCount(plan); from += plan.shardSize) {
        const shard = shardOf(from);
        const kept = yield* surveyShard(shard, plan);
        if (kept === shard.to && !existsSync(shard.path)) await seal(shard);
        for (const item of itemsOf(plan, kept, shard.to)) yield { item, record: undefined };
      }
    },
    async add(item, files) {
      const shard = shardOf(item.index);
      const file = await openShard(shard);
      const sample = PARTS.map((part) => tarEntry(`${item.key}.${part}`, files[part]));
      await writing(shard.partial, () => file.appendFile(Buffer.concat(sample)));
      if (item.index + 1 === shard.to) await seal(shard);
    },
    async finish() {
      const listed: ListedFile[] = [];
      for (let from = 0; from < imageCount(plan); from += plan.shardSize) {
        const { name, to } = shardOf(from);
        listed.push(await listFile(dir, name, to - from));
      }
      return listed;
    },
    close: async () => current?.file.close(),
  };
}

function shardAt(dir: string, plan: DatasetPlan, number: number): Shard {
  const name = `shard-${String(number).padStart(6, '0')}.tar`;
  const path = join(dir, name);
  const from = number * plan.shardSize;
  const to = Math.min(from + plan.shardSize, imageCount(plan));
  return { name, path, partial: `${path}.partial`, from, to };
}

/**
 * What a shard holds from its beginning; leaves it whole, or with all that is whole under its
 * partial name. Returns the number after its last image.
 */
async function* surveyShard(shard: Shard, plan: DatasetPlan): AsyncGenerator<Survey, number> {
  const isSealed = existsSync(shard.path);
  const path = isSealed ? shard.path : shard.partial;
  if (isSealed) await rm(shard.partial, { force: true });
  else if (!existsSync(path)) return shard.from;
  const reader = new ByteReader(createReadStream(path));
  let kept = shard.from;
  let end = 0;
  try {
    for (const item of itemsOf(plan, shard.from, shard.to)) {
      const record = await readRecord(reader, item, shard);
      if (record === undefined) break;
      kept = item.index + 1;
      end = reader.position;
      yield { item, record };
    }
    const isWhole = kept === shard.to && equals(await reader.read(TAR_END.length + 1), TAR_END);
    if (isSealed && isWhole) return kept;
  } finally {
    await reader.close();
  }
  if (isSealed) await rename(shard.path, shard.partial);
  await writing(shard.partial, () => truncate(shard.partial, end));
  return kept;
}

async function readRecord(
  reader: ByteReader,
  item: DatasetItem,
  shard: Shard,
): Promise<PictureRecord | undefined> {
  const files = {} as Record<Part, Uint8Array>;
  for (const part of PARTS) {
    const content = await readEntry(reader, `${item.key}.${part}`);
    if (content === undefined) return undefined;
    files[part] = content;
  }
  return readSample(item, files, `${shard.name}/${item.key}.png`);
}

/** The content of the next file if it is exactly as {@link tarEntry} writes it. */
async function readEntry(reader: ByteReader, name: string): Promise<Uint8Array | undefined> {
  const block = await reader.read(BLOCK);
  const header = block.length === BLOCK ? parseTarHeader(block) : 'truncated';
  if (typeof header === 'string' || header.size > MAX_PICTURE_BYTES) return undefined;
  const blocks = await reader.read(header.size + padding(header.size));
  const content = blocks.subarray(0, header.size);
  return equals(Buffer.concat([block, blocks]), tarEntry(name, content)) ? content : undefined;
}
