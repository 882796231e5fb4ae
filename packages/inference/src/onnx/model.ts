/** An ONNX model in memory. */
export interface OnnxModel {
  /** The bytes of model.onnx. */
  readonly graph: Uint8Array;
  /** Files beside it that hold the data of large weights, by the name the graph calls them. */
  readonly external: ReadonlyMap<string, Uint8Array>;
}
