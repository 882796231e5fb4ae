import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ByteReader } from '../tar/byte-reader.ts';

/** The bytes as they are, or unzipped where they start like gzip; a little at a time. */
export async function* unzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(chunks);
  try {
    const start = await reader.read(2);
    const whole = startingWith(start, reader.rest());
    if (start[0] !== 0x1f || start[1] !== 0x8b) yield* whole;
    else
      yield* pipeline(Readable.from(whole), createGunzip(), ignoreError) as AsyncIterable<Buffer>;
  } finally {
    await reader.close();
  }
}

async function* startingWith(start: Uint8Array, rest: AsyncIterable<Uint8Array>) {
  yield start;
  yield* rest;
}

/** It comes out where the result is read. */
function ignoreError(): void {}
