/** What running a model gives: everything that goes under the commitment. */
export interface Generated {
  /** What the model's encoder made of the task's pictures, little-endian float32 bytes. */
  readonly encoded: readonly Uint8Array[];
  /** Latent 0 to latent N, of the same form; none for an enlargement. */
  readonly latents: readonly Uint8Array[];
  /** Raw 8-bit RGB, row-major. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The PNG that the requester gets. */
  readonly file: Uint8Array;
}

type Stage = 'text' | 'step' | 'decode';

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (stage: Stage, step: number, steps: number) => void;
}
