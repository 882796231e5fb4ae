/** What one client may ask of the API. */
export const LIMITS = {
  /** A transaction of 1 MiB in base64 with room for the envelope. */
  bodyBytes: 2 * 1024 * 1024,
  answerBytes: 64 * 1024 * 1024,
  /** Request line and headers together. */
  headerBytes: 16 * 1024,
  queryParameters: 64,
  /** Brackets inside one another in a JSON body, and Any inside Any in an answer. */
  jsonDepth: 64,
  anyDepth: 16,
  /** Items that a page may hold; a longer one is cut, and `next_key` goes on from there. */
  pageItems: 1000n,
  connections: 1000,
  sessions: 200,
  streamsPerSession: 100,
  headersMs: 10_000,
  /** For the request to arrive, and again for the answer to be found. */
  requestMs: 30_000,
  answerMs: 10_000,
  idleMs: 5 * 60_000,
} as const;
