import { fromUint64, fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';

/*
 * A sketch of a latent: its length and its projections on fixed directions of signs, 36 bytes for a
 * thousand numbers. Two sketches tell how far two latents lie apart without either latent (Johnson
 * and Lindenstrauss 1984): each difference of projections has the distance as its mean square.
 */

const DOMAIN = fromUtf8('semblance/sketch/v1');
const DIRECTIONS = 8;
const BYTES = 4 * (1 + DIRECTIONS);

/** Length and projections in float32, little-endian, in base64. Repeatable to the bit. */
export function sketch(latent: Float32Array): string {
  const out = new DataView(new ArrayBuffer(BYTES));
  out.setFloat32(0, Math.sqrt(latent.reduce((sum, x) => sum + x * x, 0)), true);
  for (let k = 0; k < DIRECTIONS; k++) {
    const signs = signsOf(k, latent.length);
    const projection = latent.reduce((sum, x, i) => sum + (signs[i] as number) * x, 0);
    out.setFloat32(4 * (1 + k), projection, true);
  }
  return Buffer.from(out.buffer).toString('base64');
}

/**
 * About how far two latents lie apart, as a part of the length of the first; 0 for equal sketches.
 * Of one pair it is good to about a quarter either way.
 *
 * @throws InvalidInputError for what is no sketch
 */
export function sketchDistance(a: string, b: string): number {
  const [length = 0, ...left] = numbersOf(a);
  const [, ...right] = numbersOf(b);
  const squares = left.map((x, k) => (x - (right[k] as number)) ** 2);
  const meanSquare = squares.reduce((sum, square) => sum + square, 0) / DIRECTIONS;
  return meanSquare === 0 ? 0 : Math.sqrt(meanSquare) / length;
}

function numbersOf(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== BYTES) throw new InvalidInputError('sketch', `not ${BYTES} bytes in base64`);
  return Array.from({ length: 1 + DIRECTIONS }, (_, k) => bytes.readFloatLE(4 * k));
}

/** The directions that latents of that length are projected on: signs, 1 or -1. */
export function directions(length: number): Int8Array[] {
  return Array.from({ length: DIRECTIONS }, (_, k) => signsOf(k, length));
}

const known = new Map<string, Int8Array>();

/** Signs of a direction: the bits of SHA-256 over domain, direction and counter. */
function signsOf(direction: number, length: number): Int8Array {
  const name = `${direction}/${length}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const signs = new Int8Array(length);
  let block: Uint8Array = new Uint8Array();
  for (let i = 0; i < length; i++) {
    if (i % 256 === 0) {
      block = sha256(DOMAIN, fromUint64(BigInt(direction)), fromUint64(BigInt(i / 256)));
    }
    signs[i] = ((block[(i % 256) >> 3] as number) >> (i & 7)) & 1 ? 1 : -1;
  }
  known.set(name, signs);
  return signs;
}
