import type { FileHandle } from 'node:fs/promises';

/** A line of a file, and where it lies. */
export interface Line {
  readonly text: string;
  readonly at: number;
  /** In bytes, without the line end. */
  readonly length: number;
}

const CHUNK = 1 << 16;
const LINE_FEED = 10;
/** A path has at most a few thousand bytes. Longer lines are none of ours and are passed over. */
const MAX_LINE = 1 << 16;

/** The whole lines of a file; what follows the last line end is not one. */
export async function* linesOf(file: FileHandle): AsyncGenerator<Line> {
  let at = 0;
  let rest = Buffer.alloc(0);
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    let unread = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    for (let end = unread.indexOf(LINE_FEED); end >= 0; end = unread.indexOf(LINE_FEED)) {
      yield { text: unread.toString('utf8', 0, end), at, length: end };
      at += end + 1;
      unread = unread.subarray(end + 1);
    }
    const isTooLong = unread.length > MAX_LINE;
    if (isTooLong) at += unread.length;
    rest = isTooLong ? Buffer.alloc(0) : unread;
  }
}
