import { startThreads } from '../threads.ts';
import type { ImageMaker } from './image-maker.ts';
import type { MakerAnswer, MakerStart, MakerTask } from './maker-worker.ts';
import type { DatasetPlan, LocalOrigin } from './plan.ts';

/**
 * Runs the model in `modelFolder` on threads of this process, by default one a core, each with a
 * pipeline of its own: on two cores that took three quarters of the time of one.
 */
export function startLocalMaker(
  modelFolder: string,
  { request }: DatasetPlan,
  { profile, weightsRoot }: LocalOrigin,
  threadCount?: number,
): ImageMaker {
  const file = new URL('./maker-worker.ts', import.meta.url);
  const start: MakerStart = { modelFolder, profile };
  const threads = startThreads<MakerTask, MakerAnswer>(file, threadCount, start);
  return {
    width: threads.count,
    async make({ class: { prompt }, seed }) {
      const task = { ...request, prompt, negativePrompt: '', seed: BigInt(seed) };
      return { ...(await threads.run(task)), origin: { profile, weights_root: weightsRoot } };
    },
    close: () => threads.close(),
  };
}
