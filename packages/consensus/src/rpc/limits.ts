/** What one client may ask of the server. */
export const LIMITS = {
  /** A transaction of 1 MiB in base64 with room for the envelope. */
  bodyBytes: 2 * 1024 * 1024,
  batch: 50,
  connections: 1000,
  sockets: 200,
  subscriptionsPerSocket: 20,
  /** Requests of one socket that are being answered at a time. */
  inFlightPerSocket: 32,
  /** A socket that leaves this much unread is closed. */
  unreadBytes: 16 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  pingMs: 30_000,
} as const;
