import { InvalidInputError } from '@semblance/core/errors';
import type {
  GenerateOptions,
  Pipeline,
  RgbImage,
  Trajectory,
} from '@semblance/inference/text-to-image';
import type { TextToImage } from '@semblance/proto/ml';
import type { Task } from '@semblance/proto/task';

/** Runs a task with the pictures it begins from, in the order in which it names them. */
export function runTask(
  pipeline: Pipeline,
  task: Task,
  [image, mask]: readonly RgbImage[],
  options: GenerateOptions,
): Promise<Trajectory> {
  switch (task.case) {
    case 'textToImage':
      return pipeline.generate(wordsOf(task.value), options);
    case 'imageToImage': {
      const { base, strengthMilli } = task.value;
      const strength = strengthMilli / 1000;
      const request = { ...wordsOf(base), image: given('image', image), strength };
      return pipeline.imageToImage(request, options);
    }
    case 'inpaint': {
      const { base, strengthMilli } = task.value;
      const pictures = { image: given('image', image), mask: given('mask', mask) };
      const strength = strengthMilli / 1000;
      const request = { ...wordsOf(base), ...pictures, strength, unmasked: 'original' } as const;
      return pipeline.inpaint(request, options);
    }
    case 'control': {
      const { base, conditioningScaleMilli } = task.value;
      const conditioningScale = conditioningScaleMilli / 1000;
      const request = { ...wordsOf(base), image: given('image', image), conditioningScale };
      return pipeline.control(request, options);
    }
    case 'upscale': {
      const { width, height } = task.value;
      return pipeline.upscale({ width, height, image: given('image', image) }, options);
    }
  }
}

function wordsOf(base: TextToImage | undefined) {
  const { guidanceMilli, scheduler, ...words } = given('base', base);
  return {
    ...words,
    guidance: guidanceMilli / 1000,
    // Checked by the pipeline, which names the ones there are.
    scheduler: scheduler as 'ddim' | 'euler' | 'unipc',
  };
}

function given<T>(field: string, value: T | undefined): T {
  if (value === undefined) throw new InvalidInputError(field, 'missing');
  return value;
}
