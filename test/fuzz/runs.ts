/** Inputs for each surface: few by default, as many as FUZZ_RUNS says when somebody has time. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 200);

/** What inputs are drawn from; FUZZ_SEED tries others. */
export const SEED = process.env.FUZZ_SEED ?? 'semblance';

/** Enough for the slowest surface on a busy machine. */
export const FUZZ_MS = 60_000 + 60 * RUNS;
