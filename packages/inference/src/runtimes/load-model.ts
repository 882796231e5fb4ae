import { roundWeights } from '../onnx/round-weights.ts';
import type { RuntimeProfile } from '../profiles.ts';
import { roundedSession } from './rounded-session.ts';
import type { RunOptions, Runtime, Session } from './runtime.ts';

/** Loads a model as `profile` says: its backend, threads, optimisation and weight precision. */
export async function loadModel(
  model: Uint8Array,
  profile: RuntimeProfile,
  { signal }: RunOptions = {},
): Promise<Session> {
  const { backend, precision, optimisation, threads } = profile;
  const runtime = await openRuntime(backend);
  if (precision === 'float32') return runtime.load(model, { optimisation, threads, signal });
  const weights = roundWeights(model, precision);
  const session = await runtime.load(weights, { optimisation, threads, signal });
  return roundedSession(session, precision);
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
