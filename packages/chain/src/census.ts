import { fromBinary } from '@bufbuild/protobuf';
import { NodeSchema, NodeStatus } from '@semblance/proto/ml';
import { countJobs } from './modules/ml/jobs.ts';
import { keyOf, keysUnder, PREFIX } from './store/prefixes.ts';
import type { Change, Entries, Store } from './store/store.ts';

/** Jobs and ML nodes in committed state. */
export interface Census {
  /** Those settled are all since genesis, whether or not they are still kept. */
  readonly jobs: Readonly<Record<'commit' | 'reveal' | 'settled', number>>;
  readonly nodes: Readonly<Record<'active' | 'jailed' | 'leaving', number>>;
}

type Kind = 'commit' | 'reveal' | keyof Census['nodes'];

/** An open job waits in exactly one of the two queues. */
const COUNTED: readonly number[] = [PREFIX.mlCommitQueue, PREFIX.mlRevealQueue, PREFIX.mlNode];

/**
 * A store that counts open jobs and nodes: when it is opened all that there are, and from then on
 * those that are written. Settled jobs, of which there may be millions, are never looked at.
 */
export class CountedStore implements Store {
  readonly #store: Store;
  #counts = new Map<Kind, number>();

  constructor(store: Store) {
    this.#store = store;
    for (const prefix of COUNTED) {
      for (const [key, value] of store.range(...keysUnder(keyOf(prefix)))) {
        count(this.#counts, kindOf(key, value), 1);
      }
    }
  }

  get census(): Census {
    const of = (kind: Kind) => this.#counts.get(kind) ?? 0;
    const [commit, reveal] = [of('commit'), of('reveal')];
    return {
      jobs: { commit, reveal, settled: Number(countJobs(this.#store)) - commit - reveal },
      nodes: { active: of('active'), jailed: of('jailed'), leaving: of('leaving') },
    };
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#store.get(key);
  }

  range(start: Uint8Array, end: Uint8Array): Entries {
    return this.#store.range(start, end);
  }

  rangeReverse(start: Uint8Array, end: Uint8Array): Entries {
    return this.#store.rangeReverse(start, end);
  }

  write(changes: Iterable<Change>): void {
    const counts = new Map(this.#counts);
    this.#store.write(this.#counted(changes, counts));
    this.#counts = counts;
  }

  *#counted(changes: Iterable<Change>, counts: Map<Kind, number>): Iterable<Change> {
    for (const change of changes) {
      const { key, value } = change;
      if (COUNTED.includes(key[0] as number)) {
        const before = this.#store.get(key);
        if (before !== undefined) count(counts, kindOf(key, before), -1);
        if (value !== undefined) count(counts, kindOf(key, value), 1);
      }
      yield change;
    }
  }
}

function kindOf([prefix]: Uint8Array, value: Uint8Array): Kind | undefined {
  if (prefix === PREFIX.mlCommitQueue) return 'commit';
  if (prefix === PREFIX.mlRevealQueue) return 'reveal';
  return BY_STATUS[fromBinary(NodeSchema, value).status];
}

const BY_STATUS: Readonly<Record<NodeStatus, Kind | undefined>> = {
  [NodeStatus.UNSPECIFIED]: undefined,
  [NodeStatus.ACTIVE]: 'active',
  [NodeStatus.JAILED]: 'jailed',
  [NodeStatus.LEAVING]: 'leaving',
};

function count(counts: Map<Kind, number>, kind: Kind | undefined, more: 1 | -1): void {
  if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + more);
}
