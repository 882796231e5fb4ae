/** What the shell is told. Stable: scripts depend on them. */
export const EXIT = {
  ok: 0,
  /** Something broke that the user did not cause. */
  failure: 1,
  /** Wrong usage or a value that is not allowed; the message names it. */
  usage: 2,
  /** The network ran the job and reached no verdict; the fee was refunded. */
  noVerdict: 3,
  /** The network, or the file, cannot be reached. */
  unreachable: 4,
  /** Ended by Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
