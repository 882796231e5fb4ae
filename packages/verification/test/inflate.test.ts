import { constants, deflateSync, inflateRawSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InflateError, inflate } from '../src/inflate.ts';

/** What inflating gave: the bytes, or the code of the error. Anything else thrown is a fault. */
function outcome(stream: Uint8Array, length: number): Uint8Array | string {
  try {
    return inflate(stream, length);
  } catch (error) {
    if (error instanceof InflateError) return error.code;
    throw error;
  }
}

/** What zlib itself makes of a stream; undefined when it refuses or leaves bytes unread. */
function byZlib(stream: Uint8Array): Uint8Array | undefined {
  try {
    const { buffer, engine } = inflateSync(stream, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === stream.length ? new Uint8Array(buffer) : undefined;
  } catch {
    return undefined;
  }
}

const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;
const strategy = fc.constantFrom(Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED);
const level = fc.integer({ min: 0, max: 9 });
const windowBits = fc.integer({ min: 9, max: 15 });
/** Bytes with repeats near and far, so that all kinds of codes appear. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 2000 }))
        .map(([byte, count]) => new Uint8Array(count).fill(byte)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => new Uint8Array(Buffer.concat([...parts, ...parts.toReversed()])));

const streams = fc
  .tuple(content, level, strategy, windowBits)
  .map(([bytes, level, strategy, windowBits]) => ({
    bytes,
    stream: new Uint8Array(deflateSync(bytes, { level, strategy, windowBits })),
  }));

/** Bits at random, every other time headed as a last block with codes of its own. */
const randomBlocks = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.boolean())
  .map(([bytes, isDynamic]) =>
    isDynamic ? bytes.with(0, ((bytes[0] as number) & ~7) | 5) : bytes,
  );

describe('inflate', () => {
  test('gives back what zlib compressed', () => {
    fc.assert(
      fc.property(streams, ({ bytes, stream }) => {
        expect(inflate(stream, bytes.length)).toEqual(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test('reads long codes and far distances', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) =>
      i % 40_000 < 30_000 ? Math.floor(Math.log2(1 + ((i * 7919) % 65_536))) ** 2 : i >> 7,
    );
    for (const level of [1, 6, 9]) {
      expect(inflate(deflateSync(bytes, { level }), bytes.length)).toEqual(bytes);
    }
  });

  test('refuses every other length', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: -300, max: 300 }), ({ bytes, stream }, more) => {
        fc.pre(more !== 0 && bytes.length + more >= 0);
        expect(outcome(stream, bytes.length + more)).toMatch(/^INFLATE_/);
      }),
    );
  });

  test('refuses every truncation', () => {
    const bytes = new TextEncoder().encode('a wolf, a wolf, and another wolf '.repeat(4));
    for (const level of [0, 1, 9]) {
      const stream = deflateSync(bytes, { level });
      for (let end = 0; end < stream.length; end++) {
        expect(outcome(stream.subarray(0, end), bytes.length)).toBe('INFLATE_TRUNCATED');
      }
    }
  });

  test('refuses bytes after the end', () => {
    const stream = deflateSync(new Uint8Array(10));
    expect(outcome(Buffer.concat([stream, Buffer.of(0)]), 10)).toBe('INFLATE_BAD_DATA');
  });

  test('accepts no damaged stream that zlib refuses, and gives the same bytes for the rest', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: 400 }), fc.integer({ min: 0, max: 7 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(streams, damage, ({ bytes, stream }, flips) => {
        const damaged = stream.slice();
        for (const [at, bit] of flips) {
          const index = 2 + (at % (stream.length - 2));
          damaged[index] = (damaged[index] as number) ^ (1 << bit);
        }
        const expected = byZlib(damaged);
        const result = outcome(damaged, expected?.length ?? bytes.length);
        if (expected === undefined) expect(result).toMatch(/^INFLATE_/);
        else if (typeof result !== 'string') expect(result).toEqual(expected);
      }),
      { numRuns: 3000 },
    );
  });

  test('agrees with zlib on blocks of random bits', () => {
    let accepted = 0;
    fc.assert(
      fc.property(randomBlocks, (body) => {
        const zlibHeader = Buffer.of(0x78, 0x9c);
        const expected = blocksByZlib(body);
        if (expected === undefined) {
          const reason = reasonFor(Buffer.concat([zlibHeader, body]), 1032 * body.length);
          expect(reason).not.toMatch(/instead of|more than|wrong checksum|after the end/);
          return;
        }
        accepted++;
        const { bytes, consumed } = expected;
        const trailer = deflateSync(bytes).subarray(-4);
        const stream = Buffer.concat([zlibHeader, body.subarray(0, consumed), trailer]);
        expect(inflate(stream, bytes.length)).toEqual(bytes);
      }),
      { numRuns: 10_000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('spends no more than its input and output on a bomb', () => {
    const bomb = deflateSync(new Uint8Array(50_000_000), { level: 9 });
    const start = performance.now();
    expect(outcome(bomb, 1000)).toBe('INFLATE_BAD_DATA');
    expect(outcome(bomb.subarray(0, 100), 1_000_000)).toBe('INFLATE_TRUNCATED');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

/** What zlib makes of bare blocks, and how many bytes they take; undefined when it refuses. */
function blocksByZlib(body: Uint8Array): { bytes: Uint8Array; consumed: number } | undefined {
  try {
    const { buffer, engine } = inflateRawSync(body, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { bytes: new Uint8Array(buffer), consumed: engine.bytesWritten };
  } catch {
    return undefined;
  }
}

function reasonFor(stream: Uint8Array, length: number): string {
  try {
    inflate(stream, length);
  } catch (error) {
    if (error instanceof InflateError) return error.details.reason;
    throw error;
  }
  return 'none';
}
