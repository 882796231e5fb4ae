import * as ort from 'onnxruntime-node';
import { openSession } from './onnx-session.ts';
import type { LoadOptions, Runtime, Session } from './runtime.ts';

/**
 * onnxruntime's native build on the CPU. Fast; its bits depend on the CPU's vector instructions and
 * on the optimisation level. The memory arena is off: a node that waits should hold its weights
 * and little else.
 */
export const nativeRuntime: Runtime = {
  name: 'native',
  async load(model: Uint8Array, options: LoadOptions): Promise<Session> {
    options.signal?.throwIfAborted();
    return openSession('native', ort, model, options, {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
    });
  },
};
