import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';
import { ModelFileError } from '../errors.ts';
import { openSession } from './onnx-session.ts';
import type { LoadOptions, Runtime, Session } from './runtime.ts';

const BINARY = 'onnxruntime-web/ort-wasm-simd-threaded.wasm';

/** SHA-256 of onnxruntime-web 1.30.0's binary; it holds no relaxed-SIMD instruction. */
export const WASM_SHA256 = '3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2';

/**
 * onnxruntime's WebAssembly build on one thread: slower, and the same bits on every machine, since
 * WebAssembly without relaxed SIMD leaves nothing to the CPU and one thread fixes the order of sums.
 */
export const wasmRuntime: Runtime = {
  name: 'wasm',
  async load(model: Uint8Array, options: LoadOptions): Promise<Session> {
    options.signal?.throwIfAborted();
    await prepare();
    const session = await openSession('wasm', ort, model, options, {
      executionProviders: ['wasm'],
    });
    delete ort.env.wasm.wasmBinary; // compiled by now: 14 MB that nobody reads again
    return session;
  },
};

let prepared: Promise<void> | undefined;

/** Hands the runtime exactly the bytes that were checked. Once a process: the package is a singleton. */
function prepare(): Promise<void> {
  prepared ??= readFile(fileURLToPath(import.meta.resolve(BINARY))).then((binary) => {
    assertPinned(binary);
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.proxy = false;
    ort.env.wasm.wasmBinary = binary;
  });
  return prepared;
}

/** Throws {@link ModelFileError} unless `binary` is the pinned runtime. */
export function assertPinned(binary: Uint8Array): void {
  const digest = createHash('sha256').update(binary).digest('hex');
  if (digest !== WASM_SHA256) {
    throw new ModelFileError(BINARY, `SHA-256 ${digest} instead of ${WASM_SHA256}`);
  }
}
