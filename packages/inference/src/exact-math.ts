/*
 * Logarithm and exponential with the same bits on every machine. Math.log and Math.exp may differ
 * between engines; here only +, -, *, / on IEEE doubles are used, which no engine may round
 * differently. (Math.sqrt and Math.fround are exact by the standard and used as they are.)
 * Error: below 1 ulp on the recorded references (see vectors/schedulers/exact-math.json).
 */

// ln 2 in two parts: the first has 21 zero bits at the end, so that k * LN2_HIGH is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT2 = Math.SQRT2;

const scratch = new DataView(new ArrayBuffer(8));

/** Natural logarithm of a double; -Infinity at 0, NaN below it. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return Infinity;
  const { mantissa, exponent } = split(x);
  const f = mantissa - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  // log(1 + f) = 2 atanh(s) = f - (f^2/2 - s (f^2/2 + R)), R the series' terms from s^2 on
  const tail = s * (half + atanhTail(s * s));
  if (exponent === 0) return f - (half - tail);
  return exponent * LN2_HIGH - (half - (tail + exponent * LN2_LOW) - f);
}

/** e to the power of x. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const { power, p } = reduce(x);
  return scale(1 + p, power);
}

/** e to the power of x, less one, also accurate near zero. */
export function expm1(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -40) return -1;
  const { power, p } = reduce(x);
  if (power === 0) return p;
  if (power > 60) return scale(1 + p, power);
  const two = scale(1, power);
  return two - 1 + two * p;
}

/** x as mantissa * 2^exponent with the mantissa in [sqrt(1/2), sqrt(2)). */
function split(x: number): { mantissa: number; exponent: number } {
  const subnormal = x < 2.2250738585072014e-308;
  scratch.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = scratch.getUint32(0);
  let exponent = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  scratch.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  let mantissa = scratch.getFloat64(0);
  if (mantissa >= SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  return { mantissa, exponent };
}

/** 2z/3 + 2z^2/5 + ... + 2z^11/23, which is 2 atanh(s)/s - 2 for z = s^2 <= 0.0295. */
function atanhTail(z: number): number {
  let sum = 0;
  for (let k = 11; k >= 1; k--) sum = (sum + 2 / (2 * k + 1)) * z;
  return sum;
}

/** power and p with e^x = 2^power (1 + p), |p| < 0.42. */
function reduce(x: number): { power: number; p: number } {
  const power = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const high = x - power * LN2_HIGH;
  const low = power * LN2_LOW;
  const r = high - low;
  const correction = high - r - low;
  // Taylor from the third term on; the first two carry the correction that r alone lost
  let sum = 0;
  for (let k = 15; k >= 4; k--) sum = (sum * r) / k + 1;
  const cubic = (r * r * 0.5 * (r * sum)) / 3;
  return { power, p: r + (0.5 * r * r + (cubic + (correction + correction * r))) };
}

/** x * 2^power for x near 1, in two exact factors so that subnormal results round once. */
function scale(x: number, power: number): number {
  const first = power < -1000 ? -1000 : Math.min(power, 1000);
  return x * twoTo(first) * twoTo(power - first);
}

/** 2^power for a power from -1022 to 1023, by its bits: ** may differ between engines. */
function twoTo(power: number): number {
  scratch.setUint32(0, (power + 1023) << 20);
  scratch.setUint32(4, 0);
  return scratch.getFloat64(0);
}
