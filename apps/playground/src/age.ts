const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago, in the largest whole unit: "just now", "3 minutes ago". Times in milliseconds. */
export function ageOf(time: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - time) / 1000));
  for (const [unit, length] of UNITS) {
    const whole = Math.floor(seconds / length);
    if (whole > 0) return `${whole} ${unit}${whole === 1 ? '' : 's'} ago`;
  }
  return seconds < 5 ? 'just now' : `${seconds} seconds ago`;
}
