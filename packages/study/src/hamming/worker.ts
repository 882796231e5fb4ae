import { parentPort, workerData } from 'node:worker_threads';
import type { HammingJob } from '@semblance/perceptual-hash/hamming/job';
import { Kernels, type KernelsModule } from '@semblance/perceptual-hash/hamming/kernels';
import { runnerOf } from '@semblance/perceptual-hash/hamming/plan';

/** What a thread is started with. */
export interface WorkerStart {
  readonly module: KernelsModule;
}

/** What it is sent: a job, and the number of the next piece that nobody has taken. */
export interface WorkerTask {
  readonly job: HammingJob;
  readonly next: Int32Array;
}

/* One thread of a pool. It answers each task with the partial result of the pieces it took. */

const port = parentPort;
if (!port) throw new Error('runs as a worker thread only');
const kernels = new Kernels((workerData as WorkerStart).module);

port.on('message', ({ job, next }: WorkerTask) => {
  const start = kernels.mark;
  const runner = runnerOf(kernels, job);
  const take = () => Atomics.add(next, 0, 1);
  for (let piece = take(); piece < runner.pieces; piece = take()) runner.run(piece);
  port.postMessage(runner.partial());
  kernels.release(start);
});
