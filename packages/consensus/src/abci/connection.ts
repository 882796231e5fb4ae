import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Answer, decodeRequest } from './answer.ts';
import { type FrameReader, frameOf } from './frames.ts';

/** How long a connection that failed stays open, so that the reason arrives. */
const LINGER_MS = 1000;
/** After so many others have their turn: a block does not wait for hundreds of checks for the pool. */
const ANSWERS_A_TURN = 16;

/**
 * Answers what comes over one connection, strictly in order, until its other end closes it. Reads
 * on only when what was answered is on its way, so that neither side's memory fills. The first
 * failure is answered as an exception, which ends the connection and, at the other end, the engine;
 * `onFailure` is told then. Rejects if the connection breaks, and for nothing else.
 */
export async function serveConnection(
  connection: Duplex,
  frames: FrameReader,
  answer: Answer,
  onFailure: (error: unknown) => void,
): Promise<void> {
  let isOver = false;
  for await (const chunk of connection.iterator({ destroyOnReturn: false })) {
    // What was sent after the failure is read and forgotten: closing now could lose the reason.
    if (isOver) continue;
    const failure = taken(frames, chunk as Buffer) ?? (await answerAll(connection, frames, answer));
    if (failure === undefined) continue;
    isOver = true;
    endSoon(connection);
    onFailure(failure.error);
  }
  connection.end();
}

interface Failure {
  readonly error: unknown;
}

function taken(frames: FrameReader, chunk: Buffer): Failure | undefined {
  try {
    frames.push(chunk);
    return undefined;
  } catch (error) {
    return { error };
  }
}

/**
 * Answers every whole frame, or those before the first that fails. Answers leave together, at the
 * latest when a flush asks for it; other connections have their turns between them.
 */
async function answerAll(
  connection: Duplex,
  frames: FrameReader,
  answer: Answer,
): Promise<Failure | undefined> {
  connection.cork();
  try {
    for (let answered = 0; ; answered++) {
      if (answered >= ANSWERS_A_TURN) {
        await nextTurn();
        // Nobody is left to read the rest, which may be much.
        if (connection.destroyed) return undefined;
        answered = 0;
      }
      const next = answerNext(frames, answer);
      if (next === undefined) return undefined;
      const isFull = !connection.write(next.frame);
      if (next.failure !== undefined) return next.failure;
      if (!isFull && !next.isFlush) continue;
      connection.uncork();
      if (isFull) await drained(connection);
      connection.cork();
    }
  } finally {
    connection.uncork();
  }
}

interface Answered {
  readonly frame: Uint8Array;
  readonly isFlush: boolean;
  readonly failure?: Failure;
}

/** Undefined if there is no whole frame. An answer that cannot be encoded is a failure too. */
function answerNext(frames: FrameReader, answer: Answer): Answered | undefined {
  try {
    const request = frames.shift();
    if (request === undefined) return undefined;
    const response = answer(decodeRequest(request));
    return { frame: frameOf(response), isFlush: response.flush !== undefined };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const frame = frameOf({ exception: { error: message } });
    return { frame, isFlush: false, failure: { error } };
  }
}

async function drained(connection: Duplex): Promise<void> {
  if (!connection.writableNeedDrain) return;
  const closed = new AbortController();
  const stop = () => closed.abort();
  connection.once('close', stop);
  try {
    await once(connection, 'drain', { signal: closed.signal });
  } finally {
    connection.off('close', stop);
  }
}

function endSoon(connection: Duplex): void {
  connection.end();
  const linger = setTimeout(() => connection.destroy(), LINGER_MS);
  connection.once('close', () => clearTimeout(linger));
}
