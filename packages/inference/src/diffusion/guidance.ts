const f32 = Math.fround;

/**
 * Classifier-free guidance (Ho and Salimans, arXiv 2207.12598): negative + scale (prompt - negative),
 * each operation rounded to float32, and the scale too.
 */
export function guide(negative: Float32Array, prompt: Float32Array, scale: number): Float32Array {
  const factor = f32(scale);
  return negative.map((empty, i) => empty + f32(factor * f32((prompt[i] as number) - empty)));
}
