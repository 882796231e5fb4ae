/*
 * What runs a model. One interface, so that a native build, a WebAssembly build or another machine
 * can stand behind the same pipeline; test/runtime-contract.ts says what each must do.
 */

/**
 * Element types that cross the boundary. Not float16: onnxruntime-node 1.30 refuses it on engines
 * that have Float16Array, so half-precision exports must declare float32 inputs and outputs.
 */
export interface TensorData {
  float32: Float32Array;
  int32: Int32Array;
  int64: BigInt64Array;
}

export type ElementType = keyof TensorData;

/** A dense row-major tensor; `data` holds the product of `dims` elements. */
export type Tensor = {
  [T in ElementType]: {
    readonly type: T;
    readonly dims: readonly number[];
    readonly data: TensorData[T];
  };
}[ElementType];

export type Tensors = Readonly<Record<string, Tensor>>;

/** A declared input or output. Symbolic dimensions appear by name. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface RunOptions {
  /** Checked before the run and after it: a run itself is not interrupted. */
  readonly signal?: AbortSignal | undefined;
}

export interface Session {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * All outputs, by name.
   *
   * @throws InvalidInputError naming the input that is missing, unknown or of another type or rank
   * @throws NotFiniteError when an output holds NaN or infinity
   * @throws RuntimeError when the model fails or the session was released
   */
  run(feeds: Tensors, options?: RunOptions): Promise<Tensors>;
  /** Frees the model. May be called again without effect. */
  release(): Promise<void>;
}

export type Optimisation = 'disabled' | 'basic' | 'extended' | 'all';

export interface LoadOptions {
  readonly optimisation: Optimisation;
  /** Threads inside one operator, 1 or more. The wasm backend only ever uses one. */
  readonly threads: number;
  /** Files of weights that the model names, by those names. */
  readonly external?: ReadonlyMap<string, Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Runtime {
  readonly name: string;
  /** Loads an ONNX model from its bytes. @throws RuntimeError when they are not a model. */
  load(model: Uint8Array, options: LoadOptions): Promise<Session>;
}
