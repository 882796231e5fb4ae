import { fileURLToPath } from 'node:url';
import type { TextToImageRequest } from '@semblance/inference/request';

export const MODEL = 'emoji-64';
export const MODEL_DIR = fileURLToPath(new URL(`../models/${MODEL}`, import.meta.url));

export const REQUEST: TextToImageRequest = {
  prompt: 'a photo of a shark',
  negativePrompt: '',
  seed: 7n,
  steps: 20,
  width: 64,
  height: 64,
  guidance: 4,
  scheduler: 'unipc',
};
