import type { RgbImage } from './pixels.ts';

/**
 * Where a run is. 'text' at step 0, while prompts and pictures are encoded, then 'step' after each
 * of 1..steps, then 'decode'. Steps that image-to-image leaves out are not counted.
 */
export interface Progress {
  readonly stage: 'text' | 'step' | 'decode';
  readonly step: number;
  readonly steps: number;
}

export interface GenerateOptions {
  /** Checked between steps. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A picture of the request as the model's encoder gave it. */
export interface EncodedInput {
  /** 'image', or 'maskedImage': the picture with the pixels to paint taken out. */
  readonly name: 'image' | 'maskedImage';
  /** In the shape and scale of the latents. */
  readonly latent: Float32Array;
}

/**
 * A finished run and everything a verifier may ask of it. What a judge checks, and where:
 *
 * - inputs: the files have the digests that the job names; their pixels and the mask follow from
 *   them exactly (`decodeImage`, `toMask`);
 * - `encoded`: a model's output and so never the same bits everywhere: the encoder is run again on
 *   the input's pixels and compared within the model's tolerance, as a step is;
 * - latent 0: bit for bit, from the seed's noise and `encoded`;
 * - latent i: step i, the mode's part in it included, run again from latent i - 1, within tolerance;
 * - `image`: the decoder, run again on latent N, within tolerance. Of a picture that was pasted
 *   back, the pixels outside the mask equal the input's, exactly, and only the others are decoded.
 */
export interface Trajectory {
  /** What the encoder made of the request's pictures, in the order of their leaves; may be empty. */
  readonly encoded: readonly EncodedInput[];
  /**
   * Latent 0 to latent N, the sample after step N. Latent 0 is the seed's noise with unit variance
   * where a walk begins from noise alone, and the noised picture where it begins from one. Empty for
   * upscaling.
   */
  readonly latents: readonly Float32Array[];
  /** [1, channels, height / factor, width / factor] of each latent. */
  readonly latentShape: readonly number[];
  readonly image: RgbImage;
  /** How many pixels of `image` are not the model's but the input's, pasted back. */
  readonly pastedPixels: number;
}
