import { CosmosWriter } from '@semblance/chain/cosmos-wire';
import { Response } from 'cosmjs-types/tendermint/abci/types';
import { AbciError } from './errors.ts';

/** A length below 2^35; no frame is longer. */
const MAX_LENGTH_BYTES = 5;
/** What an idle connection keeps. */
const SMALL = 65_536;

/**
 * Cuts a stream into frames: the length as an unsigned varint, then as many bytes. However the
 * stream is cut, a byte is copied a bounded number of times, and what is not there yet takes no
 * memory.
 */
export class FrameReader {
  readonly #maxBytes: number;
  #buffer = Buffer.allocUnsafeSlow(SMALL);
  /** What has come and was not taken lies between them. */
  #start = 0;
  #end = 0;
  /** Length of the frame that is coming, once it is known. */
  #length: number | undefined;

  /** A frame longer than `maxBytes` is an error. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): void {
    this.#reserve(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole frame, whose memory is used again at the next `push`; undefined until more has
   * come. Throws AbciError, after which the stream makes no sense any more.
   */
  shift(): Uint8Array | undefined {
    this.#length ??= this.#readLength();
    if (this.#length === undefined || this.#end - this.#start < this.#length) return undefined;
    const frame = this.#buffer.subarray(this.#start, this.#start + this.#length);
    this.#start += this.#length;
    this.#length = undefined;
    return frame;
  }

  #readLength(): number | undefined {
    let length = 0;
    for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
      if (this.#start + i === this.#end) return undefined;
      const byte = this.#buffer[this.#start + i] as number;
      length += (byte & 0x7f) * 2 ** (7 * i);
      if (byte >= 0x80) continue;
      this.#start += i + 1;
      return this.#requireAllowed(length);
    }
    throw new AbciError('BAD_FRAME', 'the length of a frame does not end', {});
  }

  #requireAllowed(length: number): number {
    if (length <= this.#maxBytes) return length;
    const message = `a frame of ${length} bytes, of at most ${this.#maxBytes}`;
    throw new AbciError('FRAME_TOO_LARGE', message, { length });
  }

  /** Makes room for `count` more bytes: by moving what is there to the front, or by doubling. */
  #reserve(count: number): void {
    const used = this.#end - this.#start;
    if (used === 0) this.#clear();
    const room = this.#buffer.length;
    if (this.#end + count <= room) return;
    const target =
      used + count <= room
        ? this.#buffer
        : Buffer.allocUnsafeSlow(Math.max(2 * room, used + count));
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#buffer = target;
    this.#start = 0;
    this.#end = used;
  }

  /** Nothing waits: begins at the front again, and gives back what a large frame took. */
  #clear(): void {
    if (this.#buffer.length > SMALL) this.#buffer = Buffer.allocUnsafeSlow(SMALL);
    this.#start = 0;
    this.#end = 0;
  }
}

/** A response with its length before it. */
export function frameOf(response: Response): Uint8Array {
  return Response.encode(response, new CosmosWriter().fork()).ldelim().finish();
}
