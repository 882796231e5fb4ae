/*
 * Rounding of float32 numbers to the narrower formats that GPUs use, to nearest, ties to even.
 * The result is the rounded number as a float32 again.
 */

/** tfloat32 is what tensor cores multiply in: the range of float32, the digits of float16. */
export type Precision = 'float32' | NarrowPrecision;
export type NarrowPrecision = 'tfloat32' | 'float16' | 'bfloat16';
/** Whole numbers times a scale a tensor, for weights only. */
export type QuantisedPrecision = 'int8' | 'int4';

/** The rounding of one number's bits to each format. */
export const ROUNDING: { readonly [P in NarrowPrecision]: (bits: number) => number } = {
  tfloat32: roundToTensorFloat,
  float16: roundToHalf,
  bfloat16: roundToBfloat16,
};

/** A copy of `values`, each rounded to `precision`. */
export function roundFloats(values: Float32Array, precision: NarrowPrecision): Float32Array {
  const bits = new Uint32Array(values.length);
  const copy = new Float32Array(bits.buffer);
  copy.set(values);
  const round = ROUNDING[precision];
  for (let i = 0; i < bits.length; i++) bits[i] = round(bits[i] as number);
  return copy;
}

const HALF_MAX = 65504;
const HALF_NORMAL_MIN = 2 ** -14;
const HALF_QUANTUM = 2 ** -24;

/** The bits of the float32 nearest to `bits` that IEEE binary16 can hold; unchanged if none can. */
export function roundToHalf(bits: number): number {
  const exponent = (bits >>> 23) & 0xff;
  if (exponent === 0xff) return bits;
  if (exponent < 113) return roundToHalfSubnormal(bits);
  const rounded = roundBits(bits, 13);
  return (rounded & 0x7fffffff) > bitsOf(HALF_MAX) ? bits : rounded;
}

/** The bits of the float32 nearest to `bits` that bfloat16 can hold; unchanged if none can. */
export function roundToBfloat16(bits: number): number {
  return roundInRange(bits, 16);
}

/** The bits of the float32 nearest to `bits` with 10 binary places; unchanged if there is none. */
function roundToTensorFloat(bits: number): number {
  return roundInRange(bits, 13);
}

/** Drops the `count` lowest bits of a format with the exponents of float32. */
function roundInRange(bits: number, count: number): number {
  if (((bits >>> 23) & 0xff) === 0xff) return bits;
  const rounded = roundBits(bits, count);
  return ((rounded >>> 23) & 0xff) === 0xff ? bits : rounded;
}

/** Drops the `count` lowest bits, rounding to nearest even; a carry moves the exponent up. */
function roundBits(bits: number, count: number): number {
  const odd = (bits >>> count) & 1;
  return ((bits + (2 ** (count - 1) - 1) + odd) & -(2 ** count)) >>> 0;
}

/** Below 2^-14 binary16 is a grid of 2^-24. */
function roundToHalfSubnormal(bits: number): number {
  const magnitude = floatOf(bits & 0x7fffffff) / HALF_QUANTUM;
  const below = Math.floor(magnitude);
  const part = magnitude - below;
  const up = part > 0.5 || (part === 0.5 && below % 2 === 1);
  const rounded = bitsOf(
    Math.min(up ? below + 1 : below, HALF_NORMAL_MIN / HALF_QUANTUM) * HALF_QUANTUM,
  );
  return ((bits & 0x80000000) | rounded) >>> 0;
}

/** The bits of the float32 that a binary16 is. */
export function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent === 0) return (sign | bitsOf(fraction * HALF_QUANTUM)) >>> 0;
  return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
}

/** The binary16 of a float32 that {@link roundToHalf} gave; infinity for what is beyond it. */
export function narrowHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  if (exponent === 0xff && (bits & 0x7fffff) !== 0) return sign | 0x7e00;
  if (exponent > 142) return sign | 0x7c00;
  if (exponent < 113) return sign | (floatOf(bits & 0x7fffffff) / HALF_QUANTUM);
  return sign | ((exponent - 112) << 10) | ((bits >>> 13) & 0x3ff);
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsOf(x: number): number {
  scratch.setFloat32(0, x);
  return scratch.getUint32(0);
}

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}
