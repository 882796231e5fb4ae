import { toUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import {
  type NarrowPrecision,
  narrowHalf,
  type QuantisedPrecision,
  ROUNDING,
  roundToHalf,
  widenHalf,
} from '../precision.ts';
import { roundHalfEven } from '../schedulers/timesteps.ts';
import type { OnnxModel } from './model.ts';
import { FIXED32, fields, LENGTH_DELIMITED } from './wire.ts';

/*
 * Field numbers of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR_DATA_TYPE = 2;
const TENSOR_FLOAT_DATA = 4;
const TENSOR_RAW_DATA = 9;
const TENSOR_EXTERNAL_DATA = 13;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;
const FLOAT = 1;
const FLOAT16 = 10;
const INT8 = 3;

/**
 * A copy of an ONNX model whose weights (the graph's float32, float16 and int8 initializers) are rounded to
 * `precision`, to nearest even. The graph still computes in float32: this is what a machine with
 * narrower weights holds, without a second file. Numbers beyond the format's range stay as they are.
 *
 * @throws InvalidInputError when the bytes are not a protobuf message or point outside a file.
 */
export function roundWeights(model: OnnxModel, precision: NarrowPrecision): OnnxModel {
  const round = ROUNDING[precision];
  return changeWeights(model, (tensor) => {
    for (const data of tensor) roundBytes(data, round);
  });
}

/** The largest whole number of each format; as usual, the range is kept symmetric. */
const LARGEST = { int8: 127, int4: 7 } as const;
/** Norms, biases and the like are small, and quantisers leave them alone. */
const QUANTISED_FROM_BYTES = 4 * 1024;

/**
 * A copy of an ONNX model whose larger weights are whole multiples of one scale a tensor, the largest
 * magnitude over 127 (int8) or 7 (int4): what a quantised model computes, without integer kernels.
 * Weights that are stored in float16 are as near to that as float16 can be; those stored in int8, whose
 * scales are elsewhere in the graph, as near as whole numbers can be. Tensors of under 1,024 numbers stay
 * as they are.
 *
 * @throws InvalidInputError when the bytes are not a protobuf message or point outside a file.
 */
export function quantiseWeights(model: OnnxModel, precision: QuantisedPrecision): OnnxModel {
  return changeWeights(model, (tensor) => {
    const bytes = tensor.reduce((sum, data) => sum + data.length, 0);
    if (bytes < QUANTISED_FROM_BYTES) return;
    const scale =
      tensor.reduce((most, data) => Math.max(most, largest(data)), 0) / LARGEST[precision];
    // a zero or broken tensor has no scale
    if (!(scale > 0 && Number.isFinite(scale))) return;
    for (const data of tensor) {
      changeFloats(data, (x) => roundHalfEven(x / scale) * scale);
    }
  });
}

/**
 * A copy whose initializers were given to `change` in float32, each as the pieces that it lies in;
 * what was stored in float16 or int8 goes back there.
 */
function changeWeights(
  model: OnnxModel,
  change: (tensor: readonly Uint8Array[]) => void,
): OnnxModel {
  const copy = copyOf(model);
  for (const graph of fields(model.graph)) {
    if (graph.number !== MODEL_GRAPH || graph.wire !== LENGTH_DELIMITED) continue;
    for (const tensor of fields(model.graph, graph.start, graph.end)) {
      if (tensor.number !== GRAPH_INITIALIZER || tensor.wire !== LENGTH_DELIMITED) continue;
      const { type, pieces } = weightData(copy, tensor);
      if (type === FLOAT) change(pieces);
      if (type === FLOAT16) changeWidened(pieces, change, widenHalves, narrowToHalves);
      if (type === INT8) changeWidened(pieces, change, widenBytes, narrowToBytes);
    }
  }
  return copy;
}

/** Uint8Array.from and not slice: a Buffer's slice shares its memory. */
function copyOf({ graph, external }: OnnxModel): OnnxModel {
  const files = [...external].map(([name, bytes]) => [name, Uint8Array.from(bytes)] as const);
  return { graph: Uint8Array.from(graph), external: new Map(files) };
}

interface TensorData {
  readonly type: number;
  readonly pieces: readonly Uint8Array[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A tensor's type, and where its numbers lie, little-endian. */
function weightData({ graph, external }: OnnxModel, tensor: Span): TensorData {
  const data: Uint8Array[] = [];
  const outside = new Map<string, string>();
  let type = 0;
  for (const field of fields(graph, tensor.start, tensor.end)) {
    const bytes = graph.subarray(field.start, field.end);
    if (field.number === TENSOR_DATA_TYPE) type = field.value;
    if (field.number === TENSOR_RAW_DATA && field.wire === LENGTH_DELIMITED) data.push(bytes);
    // packed or one by one, the floats lie in the file as they are
    if (field.number === TENSOR_FLOAT_DATA && [LENGTH_DELIMITED, FIXED32].includes(field.wire)) {
      data.push(bytes);
    }
    if (field.number === TENSOR_EXTERNAL_DATA) outside.set(...entry(bytes));
  }
  const pieces = outside.size === 0 ? data : [externalData(external, outside)];
  return { type, pieces };
}

function changeWidened(
  pieces: readonly Uint8Array[],
  change: (tensor: readonly Uint8Array[]) => void,
  widen: (stored: Uint8Array) => Uint8Array,
  narrow: (floats: Uint8Array, stored: Uint8Array) => void,
): void {
  const wide = pieces.map(widen);
  change(wide);
  pieces.forEach((piece, i) => {
    narrow(wide[i] as Uint8Array, piece);
  });
}

function widenHalves(halves: Uint8Array): Uint8Array {
  const [from, floats] = [viewOf(halves), new Uint8Array(halves.length * 2)];
  const to = viewOf(floats);
  for (let at = 0; at + 2 <= halves.length; at += 2) {
    to.setUint32(2 * at, widenHalf(from.getUint16(at, true)), true);
  }
  return floats;
}

function narrowToHalves(floats: Uint8Array, halves: Uint8Array): void {
  const [from, to] = [viewOf(floats), viewOf(halves)];
  for (let at = 0; at + 2 <= halves.length; at += 2) {
    to.setUint16(at, narrowHalf(roundToHalf(from.getUint32(2 * at, true))), true);
  }
}

function widenBytes(bytes: Uint8Array): Uint8Array {
  const floats = new Uint8Array(bytes.length * 4);
  const [from, to] = [viewOf(bytes), viewOf(floats)];
  for (let at = 0; at < bytes.length; at++) to.setFloat32(4 * at, from.getInt8(at), true);
  return floats;
}

function narrowToBytes(floats: Uint8Array, bytes: Uint8Array): void {
  const [from, to] = [viewOf(floats), viewOf(bytes)];
  for (let at = 0; at < bytes.length; at++) {
    to.setInt8(at, roundHalfEven(from.getFloat32(4 * at, true)));
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** A StringStringEntryProto. */
function entry(bytes: Uint8Array): [string, string] {
  let [key, value] = ['', ''];
  for (const field of fields(bytes)) {
    const text = () => toUtf8(bytes.subarray(field.start, field.end), 'onnx');
    if (field.number === ENTRY_KEY) key = text();
    if (field.number === ENTRY_VALUE) value = text();
  }
  return [key, value];
}

function externalData(
  files: OnnxModel['external'],
  entries: ReadonlyMap<string, string>,
): Uint8Array {
  const file = files.get(entries.get('location') ?? '');
  const start = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? (file?.length ?? 0) - start);
  const whole = [start, length].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (file === undefined || !whole || start + length > file.length) {
    throw new InvalidInputError('onnx', 'weights outside the given files');
  }
  return file.subarray(start, start + length);
}

function roundBytes(bytes: Uint8Array, round: (bits: number) => number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    view.setUint32(at, round(view.getUint32(at, true)), true);
  }
}

function largest(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let most = 0;
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    most = Math.max(most, Math.abs(view.getFloat32(at, true)));
  }
  return most;
}

function changeFloats(bytes: Uint8Array, change: (x: number) => number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    view.setFloat32(at, change(view.getFloat32(at, true)), true);
  }
}
