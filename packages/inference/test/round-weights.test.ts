import { readFileSync } from 'node:fs';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantiseWeights, roundWeights } from '../src/onnx/round-weights.ts';
import {
  type NarrowPrecision,
  narrowHalf,
  type QuantisedPrecision,
  roundToBfloat16,
  roundToHalf,
  widenHalf,
} from '../src/precision.ts';

const fixture = (path: string) => readFileSync(new URL(`fixtures/${path}`, import.meta.url));
const recorded = JSON.parse(fixture('precision.json').toString()) as {
  rounding: readonly (readonly [float32: string, float16: string, bfloat16: string])[];
  models: readonly {
    path: string;
    precision: 'float16' | 'bfloat16' | QuantisedPrecision;
    sha256: string;
  }[];
};

describe('rounding', () => {
  test('to binary16 equals numpy, to bfloat16 equals torch', () => {
    for (const [bits, half, brain] of recorded.rounding) {
      const value = Number.parseInt(bits, 16);
      expect([bits, hex(roundToHalf(value))]).toEqual([bits, half]);
      expect([bits, hex(roundToBfloat16(value))]).toEqual([bits, brain]);
    }
  });

  test.each([
    ['binary16', roundToHalf, 2 ** -11, 2 ** -14, 65504],
    ['bfloat16', roundToBfloat16, 2 ** -8, 2 ** -126, 3e38],
  ] as const)('to %s is idempotent, odd, and as near as its digits', (_, round, unit, min, max) => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(min), max: Math.fround(max) }), (x) => {
        const rounded = round(bitsOf(x));
        expect(Math.abs(floatOf(rounded) - x)).toBeLessThanOrEqual(unit * x);
        expect(round(rounded)).toBe(rounded);
        expect(round(bitsOf(-x))).toBe((rounded | 0x80000000) >>> 0);
      }),
    );
  });

  test('leaves what the format cannot hold', () => {
    for (const x of [65520, -1e30, 3.4028234663852886e38, Infinity, -Infinity]) {
      expect(floatOf(roundToHalf(bitsOf(x)))).toBe(Math.fround(x));
    }
    expect(floatOf(roundToBfloat16(bitsOf(3.4028234663852886e38)))).toBe(3.4028234663852886e38);
    expect(floatOf(roundToHalf(bitsOf(Number.NaN)))).toBeNaN();
    expect(floatOf(roundToBfloat16(bitsOf(Number.NaN)))).toBeNaN();
  });
});

test('all 65,536 halves are widened and narrowed to themselves', () => {
  for (let half = 0; half < 65_536; half++) {
    const wide = widenHalf(half);
    if (Number.isNaN(floatOf(wide))) continue;
    expect([half, roundToHalf(wide)]).toEqual([half, wide]);
    expect(narrowHalf(wide)).toBe(half);
  }
  expect(floatOf(widenHalf(0x3c00))).toBe(1);
  expect(floatOf(widenHalf(0x0001))).toBe(2 ** -24);
  expect(floatOf(widenHalf(0xfbff))).toBe(-65504);
  expect(floatOf(widenHalf(narrowHalf(bitsOf(Number.NaN))))).toBeNaN();
  expect(floatOf(widenHalf(narrowHalf(bitsOf(1e30))))).toBe(Infinity);
});

test('weights stored in half precision are quantised too', () => {
  const graph = fixture('half-stored.onnx');
  const model = { graph, external: new Map() };
  // Exact in halves, so nothing to round: int8 has to change them all the same.
  expect(roundWeights(model, 'float16').graph).not.toBe(graph);
  const changed = (other: Uint8Array) => graph.filter((byte, i) => byte !== other[i]).length;
  expect(changed(quantiseWeights(model, 'int8').graph)).toBeGreaterThan(1000);
  expect(changed(roundWeights(model, 'bfloat16').graph)).toBeGreaterThan(1000);
});

test('weights stored as bytes become those of int4, and are exact in everything else', () => {
  const graph = readFileSync(new URL('../../../models/emoji-128/unet/model.onnx', import.meta.url));
  const model = { graph, external: new Map() };
  const changed = (other: Uint8Array) => graph.filter((byte, i) => byte !== other[i]).length;
  expect(changed(quantiseWeights(model, 'int4').graph)).toBeGreaterThan(1_000_000);
  for (const precision of ['bfloat16', 'float16'] as const) {
    // The scales of the channels are too few to be more than this.
    expect(changed(roundWeights(model, precision).graph)).toBeLessThan(graph.length / 20);
  }
});

describe('rounding a model', () => {
  test.each(recorded.models)(
    '$path to $precision equals onnx in Python',
    ({ path, precision, sha256: expected }) => {
      expect(toHex(sha256(rounded(fixture(path), precision)))).toBe(expected);
    },
  );

  test('leaves the given bytes alone', () => {
    const model = fixture('tiny/unet/model.onnx');
    const before = Buffer.from(model);
    rounded(model, 'bfloat16');
    expect(before.equals(model)).toBe(true);
  });

  test('rounds weights that lie in another file, and refuses those that lie in none', () => {
    const graph = fixture('tiny-sd/unet/model.onnx');
    const weights = fixture('tiny-sd/unet/weights.pb');
    const expected = new Float32Array(Uint8Array.from(weights).buffer).map((x) =>
      floatOf(roundToHalf(bitsOf(x))),
    );
    const { external } = roundWeights(
      { graph, external: new Map([['weights.pb', weights]]) },
      'float16',
    );
    expect(new Float32Array((external.get('weights.pb') as Uint8Array).buffer)).toEqual(expected);
    for (const files of [[], [['weights.pb', weights.subarray(8)]]] as [string, Uint8Array][][]) {
      const model = { graph, external: new Map(files) };
      expect(() => roundWeights(model, 'float16')).toThrow('weights outside the given files');
    }
  });

  test('refuses garbage without hanging', () => {
    const model = fixture('tiny/unet/model.onnx');
    for (const length of [10, 100, 5000]) {
      expect(() => rounded(model.subarray(0, length), 'float16')).toThrow(/^onnx/);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(rounded(bytes, 'float16')).toHaveLength(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_INPUT' });
        }
      }),
    );
  });
});

/** The rounded or quantised graph of a model in one file. */
function rounded(graph: Uint8Array, precision: NarrowPrecision | QuantisedPrecision): Uint8Array {
  const model = { graph, external: new Map() };
  if (precision === 'int8' || precision === 'int4') return quantiseWeights(model, precision).graph;
  return roundWeights(model, precision).graph;
}

const scratch = new DataView(new ArrayBuffer(4));

function bitsOf(x: number): number {
  scratch.setFloat32(0, x);
  return scratch.getUint32(0);
}

function floatOf(bits: number): number {
  scratch.setUint32(0, bits);
  return scratch.getFloat32(0);
}

function hex(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}
