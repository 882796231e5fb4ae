/** Bounds on what callers may ask of one sequencer. */
export interface Limits {
  /** Jobs accepted and not yet on the chain, all keys together and for one key. */
  readonly queuedJobs: number;
  readonly queuedJobsPerKey: number;
  /** Token bucket of each key: jobs a second in the long run, and at once. */
  readonly jobsPerSecond: number;
  readonly jobsAtOnce: number;
  /** Bytes of a request's body: as JSON, and as a form with files. */
  readonly bodyBytes: number;
  readonly uploadBytes: number;
  /** Open event streams. */
  readonly eventStreams: number;
  /** How long `POST /v1/images/generations` waits for a verdict. */
  readonly waitMs: number;
  /** Time that a committee is given to commit; kept within the chain's bounds. */
  readonly deadlineMs: number;
  /** Bytes of artifacts kept on disk. */
  readonly artifactBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  queuedJobs: 2_000,
  queuedJobsPerKey: 500,
  jobsPerSecond: 20,
  jobsAtOnce: 200,
  bodyBytes: 256 * 1024,
  uploadBytes: 16 * 1024 * 1024,
  eventStreams: 512,
  waitMs: 10 * 60_000,
  deadlineMs: 3 * 60_000,
  artifactBytes: 2 ** 30,
};
