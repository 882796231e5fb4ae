import type { OnnxModel } from '../onnx/model.ts';
import { quantiseWeights, roundWeights } from '../onnx/round-weights.ts';
import type { RuntimeProfile } from '../profiles.ts';
import { roundedSession } from './rounded-session.ts';
import type { RunOptions, Runtime, Session } from './runtime.ts';

/** Loads a model as `profile` says: its backend, threads, optimisation and weight precision. */
export async function loadModel(
  model: OnnxModel,
  profile: RuntimeProfile,
  { signal }: RunOptions = {},
): Promise<Session> {
  const { backend, precision, optimisation, threads, weights } = profile;
  const runtime = await openRuntime(backend);
  const load = ({ graph, external }: OnnxModel) =>
    runtime.load(graph, { optimisation, threads, external, signal });
  const held = weights === undefined ? model : quantiseWeights(model, weights);
  if (precision === 'float32') return load(held);
  return roundedSession(await load(roundWeights(held, precision)), precision);
}

/** Imported when first asked for: the native library and the wasm binary each cost memory. */
async function openRuntime(backend: RuntimeProfile['backend']): Promise<Runtime> {
  switch (backend) {
    case 'native':
      return (await import('./native.ts')).nativeRuntime;
    case 'wasm':
      return (await import('./wasm.ts')).wasmRuntime;
  }
}
