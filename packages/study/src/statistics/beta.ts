/*
 * The regularised incomplete beta function and its inverse: the distribution behind exact bounds of
 * a binomial share. Held against scipy by vectors/statistics.
 */

/** Coefficients of Stirling's series, B(2n) / (2n (2n - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const STIRLING_FROM = 12;
const HALF_LOG_TAU = 0.9189385332046728;

/** Natural logarithm of the gamma function of `x` > 0. */
export function logGamma(x: number): number {
  // The series needs a large argument: gamma(x) = gamma(x + n) / (x (x + 1) ... (x + n - 1)).
  let product = 1;
  let at = x;
  for (; at < STIRLING_FROM; at++) product *= at;
  const inverse = 1 / (at * at);
  let series = 0;
  for (const coefficient of STIRLING.toReversed()) series = series * inverse + coefficient;
  return (at - 0.5) * Math.log(at) - at + HALF_LOG_TAU + series / at - Math.log(product);
}

/** I_x(a, b) for `a`, `b` > 0 and `x` from 0 to 1: the share of a beta distribution below x. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges fast below the mean; above it the mirror image does.
  if (x > (a + 1) / (a + b + 2)) return 1 - below(1 - x, b, a);
  return below(x, a, b);
}

function below(x: number, a: number, b: number): number {
  const logFront =
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(logFront) / a) * continuedFraction(x, a, b);
}

const TINY = 1e-300;
const PRECISION = 1e-15;
/** The number of terms grows with the square root of a and b: this is enough for 10^8. */
const MAX_TERMS = 50_000;

/** Abramowitz and Stegun 26.5.8, evaluated from the front by Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      change = d * c;
      value *= change;
    }
    if (Math.abs(change - 1) < PRECISION) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/**
 * The x with I_x(a, b) = `probability`, by bisection: slow and sure, 60 halvings of [0, 1]. The
 * logarithm of x is halved instead where x is small, so that small quantiles keep their digits.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < 200; i++) {
    const middle = low > 0 && high / low > 2 ? Math.sqrt(low * high) : (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (incompleteBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
