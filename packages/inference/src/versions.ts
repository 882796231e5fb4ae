import { cpus } from 'node:os';
import { env } from 'onnxruntime-common';
import sharp from 'sharp';

/** What decides the bits of a picture besides the model and the request, by name. */
export function versions(): Readonly<Record<string, string>> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.versions.node,
    onnxruntime: env.versions.common,
    sharp: sharp.versions.sharp,
    vips: sharp.versions.vips,
  };
}
