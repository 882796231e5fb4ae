/*
 * Math.sin may differ in the last bit from one engine to the next, so this one is written with
 * IEEE additions and multiplications alone: the same bits everywhere.
 */

const twoOverPi = 0.6366197723675814;
/** pi/2 as a sum of two 33-bit numbers, whose small multiples are exact, and the rest. */
const halfPi = {
  high: 1.5707963267341256,
  middle: 6.077100506303966e-11,
  low: 2.0222662487959506e-21,
};

/** Taylor coefficients of sin(x)/x and cos(x) in x^2, from x^2 and from x^4 on, highest first. */
const sineSeries = [
  1 / 355687428096000,
  -1 / 1307674368000,
  1 / 6227020800,
  -1 / 39916800,
  1 / 362880,
  -1 / 5040,
  1 / 120,
  -1 / 6,
];
const cosineSeries = [
  1 / 20922789888000,
  -1 / 87178291200,
  1 / 479001600,
  -1 / 3628800,
  1 / 40320,
  -1 / 720,
  1 / 24,
];

/**
 * Sine of an angle in radians, within one unit in the last place for |angle| up to 100,
 * with the same bits on every engine.
 */
export function sine(angle: number): number {
  if (angle < 0) return -sine(-angle);
  const quarterTurns = Math.floor(angle * twoOverPi + 0.5);
  const rough = angle - quarterTurns * halfPi.high;
  const correction = quarterTurns * halfPi.middle;
  const rest = rough - correction;
  const tail = rough - rest - correction - quarterTurns * halfPi.low;
  switch (quarterTurns & 3) {
    case 0:
      return sineNearZero(rest, tail);
    case 1:
      return cosineNearZero(rest, tail);
    case 2:
      return -sineNearZero(rest, tail);
    default:
      return -cosineNearZero(rest, tail);
  }
}

/** sin(x + tail) for |x| up to pi/4. */
function sineNearZero(x: number, tail: number): number {
  const square = x * x;
  return x + (x * square * horner(sineSeries, square) + tail * (1 - 0.5 * square));
}

/** cos(x + tail) for |x| up to pi/4; what 1 - x^2/2 loses to rounding is put back. */
function cosineNearZero(x: number, tail: number): number {
  const square = x * x;
  const half = 0.5 * square;
  const head = 1 - half;
  const lost = 1 - head - half;
  return head + (lost + (square * square * horner(cosineSeries, square) - x * tail));
}

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
