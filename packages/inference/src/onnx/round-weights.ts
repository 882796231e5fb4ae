import { type Precision, ROUNDING } from '../precision.ts';
import { FIXED32, fields, LENGTH_DELIMITED } from './wire.ts';

/*
 * Field numbers of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_DATA_TYPE = 2;
const TENSOR_FLOAT_DATA = 4;
const TENSOR_RAW_DATA = 9;
const FLOAT = 1;

/**
 * A copy of an ONNX model whose float32 weights (the graph's initializers) are rounded to
 * `precision`, to nearest even. The graph still computes in float32: this is what a machine with
 * narrower weights holds, without a second file. Numbers beyond the format's range stay as they are.
 *
 * @throws InvalidInputError when the bytes are not a protobuf message.
 */
export function roundWeights(model: Uint8Array, precision: Precision): Uint8Array {
  const copy = Uint8Array.from(model); // not slice(): a Buffer's shares its memory
  if (precision === 'float32') return copy;
  const round = ROUNDING[precision];
  for (const graph of fields(model)) {
    if (graph.number !== MODEL_GRAPH || graph.wire !== LENGTH_DELIMITED) continue;
    for (const tensor of fields(model, graph.start, graph.end)) {
      if (tensor.number !== GRAPH_INITIALIZER || tensor.wire !== LENGTH_DELIMITED) continue;
      roundTensor(copy, tensor, round);
    }
  }
  return copy;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function roundTensor(bytes: Uint8Array, tensor: Span, round: (bits: number) => number): void {
  const data: Span[] = [];
  let type = 0;
  for (const field of fields(bytes, tensor.start, tensor.end)) {
    if (field.number === TENSOR_DATA_TYPE) type = field.value;
    if (field.number === TENSOR_RAW_DATA && field.wire === LENGTH_DELIMITED) data.push(field);
    // packed or one by one, the floats lie in the file as they are
    if (field.number === TENSOR_FLOAT_DATA && [LENGTH_DELIMITED, FIXED32].includes(field.wire)) {
      data.push(field);
    }
  }
  if (type !== FLOAT) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const { start, end } of data) {
    for (let at = start; at + 4 <= end; at += 4) {
      view.setUint32(at, round(view.getUint32(at, true)), true);
    }
  }
}
