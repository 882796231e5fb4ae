import { toBinary } from '@bufbuild/protobuf';
import type { Chain } from '@semblance/client/chain';
import { equals, fromHex, toHex } from '@semblance/core/bytes';
import { type Job, JobPhase, JobSchema } from '@semblance/proto/ml';
import type { ToldProgress } from '../nodes/progress.ts';
import type { JobView, ModelView, Progress } from '../views.ts';
import type { JobStore, StoredJob } from './job-store.ts';
import { jobView } from './job-view.ts';

/** Whoever follows a job. */
interface Watcher {
  onJob(view: JobView): void;
  onProgress(node: string, progress: Progress): void;
}

/** Jobs as they stand, kept in step with the chain: those accepted here and those being watched. */
export interface Board {
  /** Follows a job that is in the store. */
  track(job: StoredJob): void;
  /** Reads the job from the chain and tells its watchers of a change. */
  refresh(id: string): Promise<void>;
  /** The same for a job named by an event, when anybody here cares for it. */
  touch(id: string): void;
  /** Reads every job that is not over. */
  refreshAll(): Promise<void>;
  /** Runs `send` while the jobs show as being sent. */
  whileSending<T>(ids: readonly string[], send: () => Promise<T>): Promise<T>;
  /** A block holds these jobs. */
  confirm(ids: readonly string[]): Promise<void>;
  /** The chain refused the job for good. */
  fail(id: string, failure: { code: string; message: string }): void;
  /** Jobs of this store that are on the chain and not settled. */
  inFlight(): StoredJob[];
  view(id: string): Promise<JobView | undefined>;
  viewOf(job: Job): JobView;
  viewOfStored(job: StoredJob): JobView;
  /**
   * Shows the job to the watcher at once and on every change until stopped. Undefined when there
   * is no such job.
   */
  watch(id: string, watcher: Watcher): Promise<(() => void) | undefined>;
  tell(node: string, progress: ToldProgress): void;
  /** Nodes that revealed a file with this hash in jobs seen here, or undefined when none is known. */
  holders(sha256: string): readonly string[] | undefined;
}

export interface BoardParts {
  readonly chain: Pick<Chain, 'query'>;
  readonly store: JobStore;
  readonly modelOf: (id: string) => ModelView | undefined;
  readonly runtimeOf: (node: string) => string;
  /** Called once when a job accepted here has settled, after that was stored. */
  readonly onSettled: (job: Job) => void;
}

interface Live {
  readonly id: string;
  stored: StoredJob | undefined;
  onChain: Job | undefined;
  isSending: boolean;
  readonly progress: Map<string, Progress>;
  readonly watchers: Set<Watcher>;
  reading: Promise<void> | undefined;
  isStale: boolean;
}

const MAX_FILES = 4_096;
/** Nodes that may tell progress before the committee is known here. */
const MAX_TOLD = 64;

export function createBoard(parts: BoardParts): Board {
  const { chain, store, modelOf, runtimeOf, onSettled } = parts;
  const lives = new Map<string, Live>();
  const files = new Map<string, string[]>();

  const factsOf = (live: Live) => ({
    ...live,
    runtimeOf,
    profile: modelOf((live.onChain ?? live.stored)?.request?.model ?? '')?.profile,
  });
  const viewLive = (live: Live): JobView => jobView(factsOf(live));

  const noteFiles = (job: Job): void => {
    for (const { node, fileSha256, averageHash } of job.members) {
      if (fileSha256.length !== 32 || averageHash.length === 0) continue;
      const sha256 = toHex(fileSha256);
      const holders = new Set(files.get(sha256)).add(node);
      files.delete(sha256);
      files.set(sha256, [...holders]);
      if (files.size > MAX_FILES) files.delete(files.keys().next().value as string);
    }
  };

  const show = (live: Live): void => {
    const view = viewLive(live);
    for (const watcher of [...live.watchers]) watcher.onJob(view);
  };

  const isOver = ({ stored, onChain }: Live): boolean =>
    onChain?.phase === JobPhase.SETTLED || (!onChain && stored?.state === 'failed');

  /** Jobs that are over and not watched are in the store or on the chain; memory lets them go. */
  const release = (live: Live): void => {
    const isWaiting = live.stored && !isOver(live);
    if (!isWaiting && live.watchers.size === 0) lives.delete(live.id);
  };

  const setStored = (live: Live, job: Job): void => {
    const { stored } = live;
    if (!stored || stored.state === 'settled') return;
    if (job.phase === JobPhase.SETTLED) {
      store.markSettled(live.id, job);
      live.stored = { ...stored, state: 'settled', settled: job };
      onSettled(job);
    } else if (stored.state !== 'onchain') {
      store.markOnChain(live.id);
      live.stored = { ...stored, state: 'onchain' };
    }
  };

  const apply = (live: Live, job: Job | undefined): void => {
    if (!job || (live.onChain && equals(encode(live.onChain), encode(job)))) return;
    live.onChain = job;
    noteFiles(job);
    setStored(live, job);
    show(live);
    release(live);
  };

  const read = async (live: Live): Promise<void> => {
    while (live.isStale) {
      live.isStale = false;
      apply(live, await chain.query.job(fromHex(live.id)));
    }
  };

  const refreshLive = (live: Live): Promise<void> => {
    live.isStale = true;
    live.reading ??= read(live).finally(() => {
      live.reading = undefined;
    });
    return live.reading;
  };

  const newLive = (id: string, stored: StoredJob | undefined): Live => ({
    id,
    stored,
    onChain: stored?.settled,
    isSending: false,
    progress: new Map(),
    watchers: new Set(),
    reading: undefined,
    isStale: false,
  });

  /** The job from memory, the store or the chain. */
  const find = async (id: string): Promise<Live | undefined> => {
    const known = lives.get(id);
    if (known) return known;
    const live = newLive(id, store.get(id));
    if (!live.onChain) live.onChain = await chain.query.job(fromHex(id));
    if (live.onChain) noteFiles(live.onChain);
    return lives.get(id) ?? (live.onChain || live.stored ? live : undefined);
  };

  return {
    track: (job) => {
      if (!lives.has(job.id)) lives.set(job.id, newLive(job.id, job));
    },
    refresh: async (id) => {
      const live = lives.get(id);
      if (live) await refreshLive(live);
    },
    touch: (id) => {
      const live = lives.get(id);
      // The poll reads it again should this fail.
      if (live) refreshLive(live).catch(() => {});
    },
    refreshAll: async () => {
      const open = [...lives.values()].filter((live) => !isOver(live));
      await Promise.all(open.map(refreshLive));
    },
    whileSending: async (ids, send) => {
      const sent = ids.flatMap((id) => lives.get(id) ?? []);
      const mark = (isSending: boolean): void => {
        for (const live of sent) {
          live.isSending = isSending;
          if (!live.onChain) show(live);
        }
      };
      mark(true);
      try {
        return await send();
      } finally {
        mark(false);
      }
    },
    confirm: async (ids) => {
      for (const id of ids) {
        const live = lives.get(id);
        if (live?.stored?.state !== 'waiting') continue;
        store.markOnChain(id);
        live.stored = { ...live.stored, state: 'onchain' };
      }
      await Promise.all(ids.flatMap((id) => lives.get(id) ?? []).map(refreshLive));
    },
    fail: (id, failure) => {
      store.markFailed(id, failure);
      const live = lives.get(id);
      if (!live?.stored) return;
      live.stored = { ...live.stored, state: 'failed', failure };
      show(live);
      release(live);
    },
    inFlight: () =>
      [...lives.values()].flatMap(({ stored }) => (stored?.state === 'onchain' ? stored : [])),
    view: async (id) => {
      const live = await find(id);
      return live && viewLive(live);
    },
    viewOf: (job) => {
      noteFiles(job);
      const id = toHex(job.id);
      const live = lives.get(id) ?? newLive(id, store.get(id));
      return viewLive({ ...live, onChain: job });
    },
    viewOfStored: (job) => viewLive(lives.get(job.id) ?? newLive(job.id, job)),
    watch: async (id, watcher) => {
      const live = await find(id);
      if (!live) return undefined;
      watcher.onJob(viewLive(live));
      if (isOver(live)) return () => {};
      lives.set(id, live);
      live.watchers.add(watcher);
      // What changed between the reading and now.
      refreshLive(live).catch(() => {});
      return () => {
        live.watchers.delete(watcher);
        release(live);
      };
    },
    tell: (node, { job, stage, step, steps }) => {
      const live = lives.get(job);
      if (!live || !mayTell(live, node)) return;
      const progress = { stage, step, steps };
      const isFirst = !live.progress.has(node);
      live.progress.set(node, progress);
      for (const watcher of [...live.watchers]) watcher.onProgress(node, progress);
      // The member's state goes from drawn to running.
      if (isFirst && live.onChain) show(live);
    },
    holders: (sha256) => files.get(sha256),
  };
}

function mayTell({ onChain, progress }: Live, node: string): boolean {
  if (onChain && onChain.members.length > 0) {
    return onChain.members.some((member) => member.node === node);
  }
  return progress.has(node) || progress.size < MAX_TOLD;
}

function encode(job: Job): Uint8Array {
  return toBinary(JobSchema, job);
}
