const USEM_PER_SEM = 1_000_000n;

/** "1,250,000 usem" */
export function inUsem(amount: bigint): string {
  return `${amount.toLocaleString('en-US')} usem`;
}

/** "1.25 SEM", exact: no rounding, no trailing zeros. */
export function inSem(amount: bigint): string {
  const whole = (amount / USEM_PER_SEM).toLocaleString('en-US');
  const fraction = (amount % USEM_PER_SEM).toString().padStart(6, '0').replace(/0+$/, '');
  return `${fraction === '' ? whole : `${whole}.${fraction}`} SEM`;
}
