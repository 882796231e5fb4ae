import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/abci/frames.ts';
import { cut, delimited } from './stream.ts';

const MAX_BYTES = 300_000;
const invalid = (code: string) => expect.objectContaining({ code });

function readAll(reader: FrameReader): string[] {
  const frames: string[] = [];
  for (let frame = reader.shift(); frame !== undefined; frame = reader.shift()) {
    frames.push(Buffer.from(frame).toString('hex'));
  }
  return frames;
}

describe('frame reader', () => {
  const frame = fc.oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    // Around the lengths at which the prefix takes one more byte and the buffer grows.
    fc.constantFrom(127, 128, 16_383, 16_384, 65_535, 65_537, 200_000).map(patterned),
  );

  it('finds the same frames when each comes by itself', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const reader = new FrameReader(MAX_BYTES);
        for (const bytes of frames) {
          reader.push(delimited(bytes));
          expect(readAll(reader)).toEqual([Buffer.from(bytes).toString('hex')]);
        }
      }),
    );
  });

  it('finds the same frames however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.nat()), (frames, cuts) => {
        const reader = new FrameReader(MAX_BYTES);
        const found: string[] = [];
        for (const chunk of cut(Buffer.concat(frames.map(delimited)), cuts)) {
          reader.push(chunk);
          found.push(...readAll(reader));
        }
        expect(found).toEqual(frames.map((bytes) => Buffer.from(bytes).toString('hex')));
      }),
      { numRuns: 300 },
    );
  });

  it('gives frames that came byte by byte', () => {
    const reader = new FrameReader(MAX_BYTES);
    const stream = delimited(patterned(1000));
    for (const byte of stream.subarray(0, -1)) {
      reader.push(Uint8Array.of(byte));
      expect(reader.shift()).toBeUndefined();
    }
    reader.push(stream.subarray(-1));
    expect(readAll(reader)).toEqual([Buffer.from(patterned(1000)).toString('hex')]);
  });

  it('goes on after a large frame that came alone', () => {
    const reader = new FrameReader(MAX_BYTES);
    for (const length of [67_262, 3, 200_000, 3]) {
      reader.push(delimited(patterned(length)));
      expect(readAll(reader)).toEqual([Buffer.from(patterned(length)).toString('hex')]);
    }
  });

  it('refuses a length above the greatest before any of it has come', () => {
    fc.assert(
      fc.property(fc.integer({ min: MAX_BYTES + 1, max: 2 ** 35 - 1 }), (length) => {
        const reader = new FrameReader(MAX_BYTES);
        reader.push(varint(length));
        expect(() => reader.shift()).toThrow(invalid('FRAME_TOO_LARGE'));
      }),
    );
  });

  it('refuses a length that does not end', () => {
    const reader = new FrameReader(MAX_BYTES);
    reader.push(new Uint8Array(4).fill(0x80));
    expect(reader.shift()).toBeUndefined();
    reader.push(Uint8Array.of(0x80));
    expect(() => reader.shift()).toThrow(invalid('BAD_FRAME'));
  });

  it('throws nothing but its own errors, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const reader = new FrameReader(1000);
        try {
          for (const chunk of chunks) {
            reader.push(chunk);
            readAll(reader);
          }
        } catch (error) {
          expect(['BAD_FRAME', 'FRAME_TOO_LARGE']).toContain((error as { code: unknown }).code);
        }
      }),
    );
  });
});

/** Bytes of which no two neighbours are alike. */
function patterned(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7) % 251);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...bytes, rest]);
}
