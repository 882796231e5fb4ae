/** "3fa9c1…07e2": enough of a digest to see that two differ. */
export function shortDigest(hex: string): string {
  return hex.length <= 12 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** "sem1qxy…k8f2": the prefix stays, so that it still reads as an address. */
export function shortAddress(address: string): string {
  return address.length <= 14 ? address : `${address.slice(0, 8)}…${address.slice(-4)}`;
}
