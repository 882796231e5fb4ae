import type { RgbImage } from '@semblance/inference/text-to-image';
import { toGrey } from '@semblance/perceptual-hash/grey';
import { hashImage, type PerceptualHashes } from '@semblance/perceptual-hash/hashes';
import {
  BLACK,
  BLACK_BELOW,
  paletteColour,
  type Rgb,
  rangeOf,
  recolour,
  withLuma,
} from './colours.ts';
import type { Plane } from './features.ts';
import { moveLuma } from './luma.ts';

const ATTEMPTS = 8;

/**
 * Edits `picture` until its hashes are those of `wanted`, and keeps what it shows as far as that
 * goes. Needs no model and nothing of the wanted picture but its hashes. Undefined where it fails:
 * a colour hash may ask for colours that the picture has no room for.
 */
export function forgeHashes(
  picture: RgbImage,
  wanted: Partial<PerceptualHashes>,
): RgbImage | undefined {
  const { color, ...ofLuma } = wanted;
  const dark = color === undefined ? undefined : darkPixels(picture, color);
  for (let attempt = 0, lift = 1; attempt < ATTEMPTS; attempt++, lift *= 1.4) {
    const plane: Plane = { ...picture, data: Float64Array.from(toGrey(picture).data) };
    const bound = (value: number, pixel: number) => {
      if (dark === undefined) return Math.min(255, Math.max(0, value));
      if (dark.has(pixel)) return Math.min(BLACK_BELOW - 1, Math.max(0, value));
      return Math.min(255, Math.max(BLACK_BELOW, value));
    };
    plane.data.forEach((value, pixel) => {
      plane.data[pixel] = bound(value, pixel);
    });
    moveLuma(plane, ofLuma, lift, bound);
    const colours = coloursAt(picture, plane);
    const painted = color === undefined ? colours : recolour(colours, color);
    if (painted === undefined) continue;
    const forged: RgbImage = { ...picture, data: Uint8Array.from(painted.flat()) };
    if (hasHashes(forged, wanted)) return forged;
  }
  return undefined;
}

/** Whether the picture has those hashes, bit for bit. */
function hasHashes(picture: RgbImage, wanted: Partial<PerceptualHashes>): boolean {
  const hashes = hashImage(picture);
  return Object.entries(wanted).every(([name, hash]) =>
    hash.every((byte, i) => byte === hashes[name as keyof PerceptualHashes][i]),
  );
}

/** The pixels that have to be black for the colour hash: the darkest, about as many as there are. */
function darkPixels(picture: RgbImage, color: Uint8Array): ReadonlySet<number> {
  const grey = toGrey(picture).data;
  const byLuma = Array.from(grey.keys()).sort(
    (a, b) => (grey[a] as number) - (grey[b] as number) || a - b,
  );
  const { low, high } = rangeOf(color, BLACK, grey.length);
  const dark = grey.filter((y) => y < BLACK_BELOW).length;
  return new Set(byLuma.slice(0, Math.min(high, Math.max(low, dark))));
}

/** The picture's colours at the plane's luma: of the same hue where there is room, else fainter. */
function coloursAt({ data }: RgbImage, plane: Plane): Rgb[] {
  return Array.from(plane.data, (value, pixel) => {
    const y = Math.round(value);
    const colour = [data[3 * pixel], data[3 * pixel + 1], data[3 * pixel + 2]] as unknown as Rgb;
    return withLuma(colour, y) ?? faded(colour, y);
  });
}

/** Towards grey until it fits. */
function faded([red, green, blue]: Rgb, y: number): Rgb {
  const now = 0.299 * red + 0.587 * green + 0.114 * blue;
  for (const part of [1, 0.75, 0.5, 0.25]) {
    const towards = (x: number) => y + part * (x - now);
    const colour = withLuma([towards(red), towards(green), towards(blue)], y);
    if (colour !== undefined) return colour;
  }
  return paletteColour(1, y) ?? [y, y, y];
}
