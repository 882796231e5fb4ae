const ORDER_2 = [
  [0, 2],
  [3, 1],
] as const;

/** Rank of a cell in the 8 by 8 Bayer matrix: dither order, so that filling looks like developing. */
function rank(row: number, column: number): number {
  let value = 0;
  for (let bit = 0; bit < 3; bit++) {
    const quadrant = ORDER_2[(row >> bit) & 1]?.[(column >> bit) & 1] ?? 0;
    value += quadrant * 4 ** (2 - bit);
  }
  return value;
}

/** Ranks 0..63 of the cells, row by row. */
export const BAYER_8: readonly number[] = Array.from({ length: 64 }, (_, cell) =>
  rank(cell >> 3, cell & 7),
);
