/** Members of a committee are A, B, C, … in the order drawn: addresses are hard to tell apart. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}
