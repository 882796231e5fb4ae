import { encodeImage } from '@semblance/inference/encode';
import type { Size } from '@semblance/proto/task';
import { decodePng, PngError } from '@semblance/verification/png';
import { invalidField } from '../errors.ts';
import { rgbaOf, type Upload } from './upload.ts';

/** What shines through where a picture is transparent: paper, or the dark of a control picture. */
export type Background = 'white' | 'black';

/**
 * The upload as a PNG of exactly `size`, without anything but pixels. A file that is that already,
 * as every delivered one is, stays what it is: so one job begins from the very file of another.
 */
export async function toPng(
  upload: Upload,
  size: Size,
  background: Background,
): Promise<Uint8Array> {
  if (isPlainPng(upload.file, size)) return upload.file;
  const rgba = await rgbaOf(upload, size);
  const behind = background === 'white' ? 255 : 0;
  return encode(size, (i, channel) => {
    const alpha = rgba[4 * i + 3] as number;
    const sample = rgba[4 * i + channel] as number;
    return Math.round((sample * alpha + behind * (255 - alpha)) / 255);
  });
}

/**
 * A mask as OpenAI has it, transparent where to paint, or as diffusers has it, white where to paint
 * and without transparency, as the PNG that the network takes: white where to paint.
 */
export async function toMaskPng(upload: Upload, size: Size): Promise<Uint8Array> {
  const rgba = await rgbaOf(upload, size);
  const paints = Uint8Array.from({ length: size.width * size.height }, (_, i) => {
    const [r = 0, g = 0, b = 0, alpha = 0] = rgba.subarray(4 * i, 4 * i + 4);
    const isPainted = upload.hasAlpha ? alpha < 128 : luma(r, g, b) >= 128;
    return isPainted ? 255 : 0;
  });
  if (!paints.includes(255)) {
    throw invalidField(upload.field, `nothing is ${upload.hasAlpha ? 'transparent' : 'white'}`);
  }
  return encode(size, (i) => paints[i] as number);
}

/** Pillow's. */
function luma(r: number, g: number, b: number): number {
  return (19595 * r + 38470 * g + 7471 * b + 0x8000) >> 16;
}

function encode(
  { width, height }: Size,
  at: (pixel: number, channel: number) => number,
): Promise<Uint8Array> {
  const length = 3 * width * height;
  const data = Uint8Array.from({ length }, (_, j) => at(Math.floor(j / 3), j % 3));
  return encodeImage({ width, height, channels: 3, data });
}

const HEADER_BYTES = 8;
const PLAIN_CHUNKS = ['IHDR', 'IDAT', 'IEND'];

/** Whether the chain would take the file and it tells nothing beside its pixels. */
function isPlainPng(file: Uint8Array, { width, height }: Size): boolean {
  try {
    const limits = { maxPixels: width * height, maxFileBytes: Math.max(1, file.length) };
    const picture = decodePng(file, limits);
    const isSize = picture.width === width && picture.height === height;
    return (
      isSize &&
      picture.channels === 3 &&
      chunkTypes(file).every((type) => PLAIN_CHUNKS.includes(type))
    );
  } catch (error) {
    if (error instanceof PngError) return false;
    throw error;
  }
}

/** Of a PNG file that decodes. */
function chunkTypes(file: Uint8Array): string[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const types: string[] = [];
  for (let at = HEADER_BYTES; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    types.push(bytes.toString('latin1', at + 4, at + 8));
  }
  return types;
}
