/** A job as the scheduler sees it. */
export interface Schedulable {
  /** Whose turn it uses up. */
  readonly keyId: string;
  readonly model: string;
  readonly committeeSize: number;
}

/**
 * Duties a node may have waiting. A node runs one job at a time; with one more in line it goes
 * on to the next without waiting for the chain, and a deadline is still many runs away.
 */
const DUTIES_PER_NODE = 2;

/**
 * The waiting jobs that may go onto the chain now, in the order to send them.
 *
 * Jobs in flight on one model are at most its active nodes, and their duties at most
 * {@link DUTIES_PER_NODE} a node; one job may always go, so that the chain can say that there are
 * no nodes. Among keys the one with the fewest jobs in flight is next, its oldest job first.
 *
 * @param waiting oldest first
 */
export function admit<T extends Schedulable>(
  waiting: readonly T[],
  inFlight: readonly Schedulable[],
  activeNodes: (model: string) => number,
): T[] {
  const load = countLoad(inFlight);
  const left = new Set(waiting);
  const admitted: T[] = [];
  for (;;) {
    const next = nextOf(left, load, activeNodes);
    if (!next) return admitted;
    left.delete(next);
    admitted.push(next);
    addLoad(load, next);
  }
}

interface Load {
  readonly jobs: Map<string, number>;
  readonly duties: Map<string, number>;
  readonly ofKey: Map<string, number>;
}

function countLoad(inFlight: readonly Schedulable[]): Load {
  const load: Load = { jobs: new Map(), duties: new Map(), ofKey: new Map() };
  for (const job of inFlight) addLoad(load, job);
  return load;
}

function addLoad(load: Load, { keyId, model, committeeSize }: Schedulable): void {
  load.jobs.set(model, (load.jobs.get(model) ?? 0) + 1);
  load.duties.set(model, (load.duties.get(model) ?? 0) + committeeSize);
  load.ofKey.set(keyId, (load.ofKey.get(keyId) ?? 0) + 1);
}

function nextOf<T extends Schedulable>(
  left: ReadonlySet<T>,
  load: Load,
  activeNodes: (model: string) => number,
): T | undefined {
  let best: T | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const job of left) {
    const ofKey = load.ofKey.get(job.keyId) ?? 0;
    if (ofKey < fewest && hasRoom(job, load, activeNodes(job.model))) {
      best = job;
      fewest = ofKey;
    }
  }
  return best;
}

function hasRoom({ model, committeeSize }: Schedulable, load: Load, nodes: number): boolean {
  const jobs = load.jobs.get(model) ?? 0;
  const duties = (load.duties.get(model) ?? 0) + committeeSize;
  return jobs === 0 || (jobs < nodes && duties <= DUTIES_PER_NODE * nodes);
}
