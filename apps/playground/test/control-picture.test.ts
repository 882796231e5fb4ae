import { describe, expect, it } from 'vitest';
import { blackAndWhite, edgesOf, silhouetteOf } from '../src/control-picture.ts';
import type { Pixels } from '../src/pixel-difference.ts';

const SIDE = 12;
type Colour = readonly [r: number, g: number, b: number, a: number];

function picture(at: (x: number, y: number) => Colour): Pixels {
  const data = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) data.set(at(i % SIDE, Math.floor(i / SIDE)), 4 * i);
  return { width: SIDE, height: SIDE, data };
}

const inSquare = (x: number, y: number) => x >= 4 && x < 8 && y >= 4 && y < 8;
const rows = ({ data }: Pixels) =>
  Array.from({ length: SIDE }, (_, y) =>
    Array.from({ length: SIDE }, (_, x) => (data[4 * (y * SIDE + x)] === 255 ? '#' : '.')).join(''),
  );
const square = rows(picture((x, y) => (inSquare(x, y) ? [255, 0, 0, 255] : [0, 0, 0, 255])));

describe('a silhouette', () => {
  it('is what is not see-through', () => {
    const shown = silhouetteOf(picture((x, y) => [9, 9, 9, inSquare(x, y) ? 255 : 0]));
    expect(rows(shown)).toEqual(square);
    expect(shown.data.every((sample, i) => i % 4 !== 3 || sample === 255)).toBe(true);
  });

  it('of an opaque picture is what is not like its rim, lighter or darker', () => {
    for (const [thing, ground] of [
      [200, 40],
      [40, 200],
    ] as const) {
      const grainy = picture((x, y) => {
        const grey = (inSquare(x, y) ? thing : ground) + ((x * 7 + y * 3) % 9);
        return [grey, grey, 90, 255];
      });
      expect(rows(silhouetteOf(grainy))).toEqual(square);
    }
  });

  it('of a plain picture is nothing', () => {
    const plain = silhouetteOf(picture((x, y) => [80 + ((x + y) % 5), 80, 80, 255]));
    expect(rows(plain).join('')).not.toContain('#');
  });
});

describe('edges', () => {
  it('run along the differences of colour and of alpha, and nowhere else', () => {
    const byColour = rows(
      edgesOf(picture((x, y) => (inSquare(x, y) ? [255, 0, 0, 255] : [255, 255, 255, 255]))),
    );
    const byAlpha = rows(edgesOf(picture((x, y) => [0, 0, 0, inSquare(x, y) ? 255 : 0])));
    expect(byColour).toEqual(byAlpha);
    expect(byColour[5]).toBe('...##..##...');
    expect(byColour[3]).toBe('....####....');
    expect(byColour[0]).toBe('............');
  });
});

it('a drawing is black and white, without greys', () => {
  const drawn = blackAndWhite(picture((x) => [x * 20, x * 20, x * 20, 255]));
  expect(new Set(drawn.data)).toEqual(new Set([0, 255]));
  expect(rows(drawn)[0]).toBe('.......#####');
});
