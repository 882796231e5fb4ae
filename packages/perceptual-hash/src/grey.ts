import type { Image } from './image.ts';

/** A one-channel image. */
export type GreyImage = Image & { readonly channels: 1 };

/** ITU-R 601-2 luma of one pixel in 16-bit fixed point, rounded: 0 to 255. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
}

/**
 * The luma plane of an image, as Pillow's `convert('L')` makes it: alpha is dropped, not blended.
 * A grey image is returned as it is, without a copy.
 */
export function toGrey(image: Image): GreyImage {
  const { width, height, channels, data } = image;
  if (channels === 1) return { width, height, channels, data };
  const plane = new Uint8Array(width * height);
  if (channels === 2) {
    for (let i = 0; i < plane.length; i++) plane[i] = data[2 * i] as number;
  } else {
    for (let i = 0, at = 0; i < plane.length; i++, at += channels) {
      plane[i] = luma(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    }
  }
  return { width, height, channels: 1, data: plane };
}
