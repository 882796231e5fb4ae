import { readFileSync } from 'node:fs';

/** Seconds of processor that somebody has used. */
export interface CpuTime {
  readonly application: number;
  readonly engine: number;
}

/** What `getconf CLK_TCK` says on Linux, whatever the kernel. */
const TICKS_A_SECOND = 100;

/** Of a validator: its process and CometBFT below it, or CometBFT alone with its own example. */
export function cpuTimeOf(pid: number): CpuTime {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  if (child === undefined || child === '') return { application: 0, engine: secondsOf(pid) };
  return { application: secondsOf(pid), engine: secondsOf(Number(child)) };
}

/** In user mode and in the kernel, of all threads. */
function secondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
