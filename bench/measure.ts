/** One line of the report: a ratio whose two halves were measured in the same run. */
export interface Measurement {
  readonly name: string;
  readonly ours: string;
  readonly beside: string;
  /** Undefined when the other half is not on this machine. */
  readonly ratio: number | undefined;
  /** What the ratio should be, in words. */
  readonly aim: string | undefined;
}

/** Median seconds of five runs, after one that warms up. */
export async function secondsOf(work: () => unknown, runs = 5): Promise<number> {
  await work();
  const times: number[] = [];
  for (let n = 0; n < runs; n++) {
    const started = performance.now();
    await work();
    times.push((performance.now() - started) / 1000);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] as number;
}
