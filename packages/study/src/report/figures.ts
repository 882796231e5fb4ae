/**
 * How numbers are written, everywhere in the report: thousands by comma, shares in percent with
 * enough digits to tell them from 0 and from 100, very small ones as powers of ten.
 */

const MINUS = '\u2212';
const TIMES = '\u00d7';
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "844,350,000" */
export function count(value: number): string {
  const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return value < 0 ? `${MINUS}${digits}` : digits;
}

/** "1 bit", "1,300 pairs" */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A distance or a threshold: "2 bits". */
export function bits(value: number): string {
  return counted(value, 'bit');
}

/** Three significant digits: "0.0267", "12.3", "4.1 × 10⁻⁶", "1,300". */
export function decimal(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e9) return power(value);
  if (size >= 1000) return count(value);
  return signed(value, shortest(size.toPrecision(3)));
}

/** A share as percent, rounded so that neither 0% nor 100% is written for what is not. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  const [hundred, distance] = [share * 100, Math.min(share, 1 - share) * 100];
  if (share < 0.5 && hundred < 1e-3) return `${power(hundred)}%`;
  if (share > 0.5 && distance < 1e-4) return '>99.9999%';
  return `${hundred.toFixed(Math.max(1 - Math.floor(Math.log10(distance)), 1))}%`;
}

/** A share on an axis: "10%", "0.01%", "10⁻⁵%". */
export function percentTick(share: number): string {
  const hundred = share * 100;
  if (hundred > 0 && hundred < 1e-3 * 0.99) return `${power(hundred)}%`;
  return `${shortest(hundred.toFixed(4))}%`;
}

/** "97.2% to 98.1%" */
export function interval(low: number, high: number): string {
  return `${percent(low)} to ${percent(high)}`;
}

/** The same where room is short: "97.2–98.1%" */
export function range(low: number, high: number): string {
  return `${percent(low).replace('%', '')}–${percent(high)}`;
}

/** "0.42 s", "93 s", "14 min", "5.2 h" */
export function duration(seconds: number): string {
  if (seconds < 120) return `${shortest(seconds.toPrecision(3))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

/** "10⁻³", for the ticks of a logarithmic axis. */
export function powerOfTen(exponent: number): string {
  return `10${superscript(exponent)}`;
}

function power(value: number): string {
  const [mantissa = '', exponent = ''] = Math.abs(value).toExponential(1).split('e');
  const factor = shortest(mantissa);
  const base = powerOfTen(Number(exponent));
  return signed(value, factor === '1' ? base : `${factor} ${TIMES} ${base}`);
}

function signed(value: number, written: string): string {
  return value < 0 ? `${MINUS}${written}` : written;
}

function shortest(written: string): string {
  return written.includes('.') && !written.includes('e') ? written.replace(/\.?0+$/, '') : written;
}

function superscript(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPTS[Number(digit)]);
  return `${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}
