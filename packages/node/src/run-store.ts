import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import type { ArtifactKind, SealedRun } from './seal.ts';

/*
 * Finished runs on disk, one directory a job:
 *
 *   <home>/jobs/<job id>/record.json   salt, root, commitment, leaves, where each artifact lies
 *   <home>/jobs/<job id>/artifacts     latents, pixels and file, one after the other
 *   <home>/jobs/<job id>/revealed      exists once the reveal was sent
 *
 * A run appears by the rename of a whole directory, after its content reached the disk. So a run is
 * there completely or not at all, and a node that dies at any instant never commits twice
 * differently: what was committed was saved before.
 */

interface StoredArtifact {
  readonly kind: ArtifactKind;
  readonly sha256: string;
  readonly offset: number;
  readonly length: number;
}

/** A saved run without the artifacts' bytes. */
export interface StoredRun {
  readonly jobId: string;
  readonly salt: Uint8Array;
  readonly root: Uint8Array;
  readonly commitment: Uint8Array;
  readonly leaves: readonly Uint8Array[];
  readonly fileLeaf: number;
  readonly artifacts: readonly StoredArtifact[];
}

export interface RunStore {
  /** Saves a run durably. A run that is already there stays as it is. */
  save(run: SealedRun): Promise<void>;
  /** The run saved for a job (hex id), if there is one. */
  load(jobId: string): Promise<StoredRun | undefined>;
  /** Bytes of one artifact of a run. */
  read(run: StoredRun, artifact: StoredArtifact): Promise<Uint8Array>;
  /** From now on the run may be served. */
  markRevealed(jobId: string): Promise<void>;
  isRevealed(jobId: string): boolean;
  /** Jobs whose runs wait to be revealed, or never were. */
  unrevealed(): readonly string[];
  /** An artifact of a revealed run by its hash (hex). Others do not exist for the outside. */
  findRevealed(sha256: string): Promise<{ kind: ArtifactKind; bytes: Uint8Array } | undefined>;
  /** Deletes a run that nobody will ask for. */
  discard(jobId: string): Promise<void>;
  /** Deletes the oldest runs until all fit the quota; never those that are kept. */
  evict(keep: ReadonlySet<string>): Promise<readonly string[]>;
  usedBytes(): number;
}

interface Entry {
  bytes: number;
  savedAt: number;
  revealed: boolean;
  readonly artifacts: readonly StoredArtifact[];
}

interface RecordJson {
  readonly version: 1;
  readonly salt: string;
  readonly root: string;
  readonly commitment: string;
  readonly leaves: readonly string[];
  readonly fileLeaf: number;
  readonly artifacts: readonly StoredArtifact[];
}

const JOB_ID = /^[0-9a-f]{64}$/;
const UNFINISHED = '.unfinished';

/** Opens the runs under `home`, throwing away what a dying process left half-written. */
export async function openRunStore(home: string, quotaBytes: number): Promise<RunStore> {
  const root = join(home, 'jobs');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const index = new Map<string, Entry>();
  const revealedBy = new Map<string, string>();
  const directory = (jobId: string): string => join(root, jobId);

  const publish = (jobId: string, entry: Entry): void => {
    entry.revealed = true;
    for (const artifact of entry.artifacts) revealedBy.set(artifact.sha256, jobId);
  };

  for (const name of await readdir(root)) {
    if (!JOB_ID.test(name)) {
      await rm(join(root, name), { recursive: true, force: true });
      continue;
    }
    const entry = await readEntry(directory(name));
    index.set(name, entry);
    if (entry.revealed) publish(name, entry);
  }

  const load: RunStore['load'] = async (jobId) => {
    if (!index.has(jobId)) return undefined;
    const record = await readRecord(directory(jobId));
    return {
      jobId,
      salt: fromHex(record.salt),
      root: fromHex(record.root),
      commitment: fromHex(record.commitment),
      leaves: record.leaves.map((leaf) => fromHex(leaf)),
      fileLeaf: record.fileLeaf,
      artifacts: record.artifacts,
    };
  };

  const readArtifact = async (jobId: string, { offset, length }: StoredArtifact) => {
    const file = await open(join(directory(jobId), 'artifacts'), 'r');
    try {
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, offset);
      return bytes;
    } finally {
      await file.close();
    }
  };

  const discard: RunStore['discard'] = async (jobId) => {
    const entry = index.get(jobId);
    if (!entry) return;
    index.delete(jobId);
    for (const artifact of entry.artifacts) {
      if (revealedBy.get(artifact.sha256) === jobId) revealedBy.delete(artifact.sha256);
    }
    // Renamed first: what a crash leaves half-deleted must not look like a whole run.
    await rename(directory(jobId), directory(jobId) + UNFINISHED);
    await rm(directory(jobId) + UNFINISHED, { recursive: true, force: true });
  };

  return {
    load,
    save: async (run) => {
      const jobId = toHex(run.jobId);
      if (index.has(jobId)) return;
      const { record, content } = encode(run);
      const unfinished = directory(jobId) + UNFINISHED;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { mode: 0o700 });
      await writeDurably(join(unfinished, 'artifacts'), content);
      await writeDurably(join(unfinished, 'record.json'), JSON.stringify(record));
      await syncDirectory(unfinished);
      await rename(unfinished, directory(jobId));
      await syncDirectory(root);
      index.set(jobId, await readEntry(directory(jobId)));
    },
    read: (run, artifact) => readArtifact(run.jobId, artifact),
    markRevealed: async (jobId) => {
      const entry = index.get(jobId);
      if (!entry || entry.revealed) return;
      await writeDurably(join(directory(jobId), 'revealed'), '');
      publish(jobId, entry);
    },
    isRevealed: (jobId) => index.get(jobId)?.revealed ?? false,
    unrevealed: () => [...index].filter(([, { revealed }]) => !revealed).map(([jobId]) => jobId),
    findRevealed: async (hash) => {
      const jobId = revealedBy.get(hash);
      const found = jobId && index.get(jobId)?.artifacts.find((each) => each.sha256 === hash);
      if (!jobId || !found) return undefined;
      const bytes = await readArtifact(jobId, found);
      // A disk that rots must not make the node serve something else under this name.
      return toHex(sha256(bytes)) === hash ? { kind: found.kind, bytes } : undefined;
    },
    discard,
    evict: async (keep) => {
      const oldest = [...index]
        .filter(([jobId]) => !keep.has(jobId))
        .sort(([, a], [, b]) => a.savedAt - b.savedAt);
      const evicted: string[] = [];
      for (const [jobId] of oldest) {
        if (used(index) <= quotaBytes) break;
        await discard(jobId);
        evicted.push(jobId);
      }
      return evicted;
    },
    usedBytes: () => used(index),
  };
}

function used(index: ReadonlyMap<string, Entry>): number {
  let total = 0;
  for (const { bytes } of index.values()) total += bytes;
  return total;
}

function encode(run: SealedRun): { record: RecordJson; content: Uint8Array } {
  let offset = 0;
  const artifacts = run.artifacts.map(({ kind, sha256: hash, bytes }) => {
    const artifact = { kind, sha256: toHex(hash), offset, length: bytes.length };
    offset += bytes.length;
    return artifact;
  });
  const content = new Uint8Array(offset);
  for (const [n, { bytes }] of run.artifacts.entries()) {
    content.set(bytes, (artifacts[n] as StoredArtifact).offset);
  }
  const record: RecordJson = {
    version: 1,
    salt: toHex(run.salt),
    root: toHex(run.root),
    commitment: toHex(run.commitment),
    leaves: run.leaves.map(toHex),
    fileLeaf: run.fileLeaf,
    artifacts,
  };
  return { record, content };
}

async function readRecord(directory: string): Promise<RecordJson> {
  return JSON.parse(await readFile(join(directory, 'record.json'), 'utf8')) as RecordJson;
}

async function readEntry(directory: string): Promise<Entry> {
  const record = await readRecord(directory);
  const { size, mtimeMs } = await stat(join(directory, 'artifacts'));
  const revealed = await stat(join(directory, 'revealed')).then(
    () => true,
    () => false,
  );
  return { bytes: size, savedAt: mtimeMs, revealed, artifacts: record.artifacts };
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return; // it has no handle for directories
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
