import { profileNamed } from '@semblance/inference/profiles';
import { loadPipeline } from '@semblance/inference/text-to-image';
import { type Measurement, secondsOf } from './measure.ts';
import { MODEL_DIR, REQUEST } from './model.ts';

/** Seconds of one picture on one thread, native beside wasm, in the same precision. */
export async function nativeOverWasm(): Promise<Measurement> {
  const native = await secondsWith('native-f16');
  const wasm = await secondsWith('wasm-f16');
  return {
    name: 'native over wasm inference',
    ours: `${native.toFixed(2)} s native (20 steps, 64 px, one thread)`,
    beside: `${wasm.toFixed(2)} s wasm`,
    ratio: wasm / native,
    aim: undefined,
  };
}

async function secondsWith(profile: string): Promise<number> {
  const pipeline = await loadPipeline(MODEL_DIR, profileNamed(profile));
  try {
    return await secondsOf(() => pipeline.generate(REQUEST), 3);
  } finally {
    await pipeline.release();
  }
}
