import { roundHalfEven } from '../schedulers/timesteps.ts';

/** 8-bit RGB, row-major, interleaved: `data` holds width x height x 3 bytes. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
  readonly data: Uint8Array;
}

const f32 = Math.fround;

/** The decoder's planes [1, 3, height, width] in [-1, 1] as pixels, rounded as diffusers does. */
export function toPixels(planes: Float32Array, width: number, height: number): RgbImage {
  const area = width * height;
  const data = new Uint8Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < area; i++) {
      data[3 * i + channel] = toByte(planes[channel * area + i] as number);
    }
  }
  return { width, height, channels: 3, data };
}

/** Pixels as the encoder's planes [1, 3, height, width] in [-1, 1]. */
export function toPlanes(image: RgbImage): Float32Array {
  return toUnitPlanes(image).map((x) => 2 * x - 1);
}

/** Pixels as planes [1, 3, height, width] in [0, 1]. */
export function toUnitPlanes({ width, height, data }: RgbImage): Float32Array {
  const area = width * height;
  return Float32Array.from({ length: 3 * area }, (_, j) => {
    const [channel, i] = [Math.floor(j / area), j % area];
    return (data[3 * i + channel] as number) / 255;
  });
}

function toByte(value: number): number {
  const unit = Math.max(0, Math.min(1, f32(f32(value / 2) + 0.5)));
  return roundHalfEven(f32(unit * 255));
}
