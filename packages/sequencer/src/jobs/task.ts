import { create } from '@bufbuild/protobuf';
import { sha256 } from '@semblance/core/sha256';
import {
  ControlSchema,
  ImageToImageSchema,
  InpaintSchema,
  type TextToImage,
  TextToImageSchema,
  UpscaleSchema,
} from '@semblance/proto/ml';
import type { Task } from '@semblance/proto/task';
import type { PreparedOrder } from '../pictures/prepare.ts';

/** One image of an order as the task of a job. */
export function taskOf(order: PreparedOrder, seed: bigint): Task {
  const { mode, strengthMilli, conditioningScaleMilli, size, inputs } = order;
  const [imageSha256, maskSha256] = inputs.map((file) => sha256(file));
  const image = { ...(imageSha256 && { imageSha256 }) };
  const base = baseOf(order, seed);
  switch (mode) {
    case 'text_to_image':
      return { case: 'textToImage', value: base };
    case 'image_to_image':
      return {
        case: 'imageToImage',
        value: create(ImageToImageSchema, { base, ...image, strengthMilli }),
      };
    case 'inpaint': {
      const mask = { ...(maskSha256 && { maskSha256 }) };
      const fields = { base, ...image, ...mask, strengthMilli };
      return { case: 'inpaint', value: create(InpaintSchema, fields) };
    }
    case 'control':
      return {
        case: 'control',
        value: create(ControlSchema, { base, ...image, conditioningScaleMilli }),
      };
    case 'upscale':
      return { case: 'upscale', value: create(UpscaleSchema, { ...image, ...size }) };
  }
}

function baseOf({ words, size }: PreparedOrder, seed: bigint): TextToImage {
  return create(TextToImageSchema, { ...words, ...size, seed });
}
