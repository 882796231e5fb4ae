import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common';
import { RuntimeError } from '../errors.ts';
import { assertFeeds, assertFinite } from './feeds.ts';
import type { LoadOptions, RunOptions, Session, Tensor, TensorInfo, Tensors } from './runtime.ts';

/** What onnxruntime's native and WebAssembly packages share. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: typeof OrtTensor;
}

/** A {@link Session} over one of onnxruntime's builds. */
export async function openSession(
  name: string,
  ort: OnnxRuntime,
  model: Uint8Array,
  { optimisation, external = new Map() }: LoadOptions,
  options: InferenceSession.SessionOptions,
): Promise<Session> {
  const session = await attempt(name, () =>
    ort.InferenceSession.create(model, {
      graphOptimizationLevel: optimisation,
      executionMode: 'sequential',
      enableCpuMemArena: false,
      logSeverityLevel: 4, // failures are thrown, not printed
      externalData: Array.from(external, ([path, data]) => ({ path, data })),
      ...options,
    }),
  );
  const inputs = session.inputMetadata.map(describe);
  const outputs = session.outputMetadata.map(describe);
  let released = false;

  async function run(feeds: Tensors, { signal }: RunOptions = {}): Promise<Tensors> {
    signal?.throwIfAborted();
    if (released) throw new RuntimeError(name, 'the session was released');
    assertFeeds(inputs, feeds);
    const given = Object.entries(feeds).map(([key, tensor]) => [key, toOrt(ort, tensor)] as const);
    const results = await attempt(name, () => session.run(Object.fromEntries(given)));
    signal?.throwIfAborted();
    const taken = outputs.map((info) => [info.name, fromOrt(name, results[info.name])] as const);
    const tensors: Tensors = Object.fromEntries(taken);
    assertFinite(tensors);
    return tensors;
  }

  async function release(): Promise<void> {
    if (released) return;
    released = true;
    await session.release();
  }

  return { inputs, outputs, run, release };
}

async function attempt<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw new RuntimeError(name, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function describe(value: InferenceSession.ValueMetadata): TensorInfo {
  if (!value.isTensor) return { name: value.name, type: 'not a tensor', shape: [] };
  return { name: value.name, type: value.type, shape: value.shape };
}

function toOrt({ Tensor }: OnnxRuntime, tensor: Tensor): OrtTensor {
  switch (tensor.type) {
    case 'float32':
      return new Tensor('float32', tensor.data, tensor.dims);
    case 'int32':
      return new Tensor('int32', tensor.data, tensor.dims);
    case 'int64':
      return new Tensor('int64', tensor.data, tensor.dims);
  }
}

/** Copies the data: the runtime may reuse its memory. */
function fromOrt(name: string, tensor: OrtTensor | undefined): Tensor {
  const { type, dims, data } = tensor ?? {};
  if (dims !== undefined) {
    if (type === 'float32' && data instanceof Float32Array)
      return { type, dims, data: data.slice() };
    if (type === 'int32' && data instanceof Int32Array) return { type, dims, data: data.slice() };
    if (type === 'int64' && data instanceof BigInt64Array)
      return { type, dims, data: data.slice() };
  }
  throw new RuntimeError(name, `an output of type ${type} is not supported`);
}
