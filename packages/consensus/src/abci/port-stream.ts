import { Duplex } from 'node:stream';
import type { MessagePort, Transferable } from 'node:worker_threads';

/** The reader has taken what came. */
const MORE = 'more';
/** The writer has no more. */
const END = 'end';
type Message = Uint8Array<ArrayBuffer> | typeof MORE | typeof END;

/** One of several that waited, as Node hands them over. */
interface Write {
  readonly chunk: Uint8Array;
}

/**
 * A stream of bytes between two threads, over a channel that has one of these at either end. One
 * message at most is on its way in each direction: the next one leaves when the other end has taken
 * that, with all that was written until then. So a busy reader costs its writer no more than
 * `writableHighWaterMark`, and then `write` says to wait.
 */
export class PortStream extends Duplex {
  readonly #port: MessagePort;
  /** Whether something has come since the other end was last asked for more. */
  #owesMore = false;
  /** Called when the other end has taken the message that is on its way. */
  #taken: (() => void) | undefined;
  /** Whether the other end has no more. */
  #hasEnded = false;

  constructor(port: MessagePort, writableHighWaterMark: number) {
    super({ writableHighWaterMark });
    this.#port = port;
    port.on('message', (message: Message) => this.#receive(message));
    port.once('close', () => {
      // Else both directions have ended, and what came before may still be read.
      if (!this.#hasEnded || !this.writableFinished) this.destroy();
    });
  }

  override _read(): void {
    if (!this.#owesMore) return;
    this.#owesMore = false;
    this.#post(MORE);
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#send(new Uint8Array(chunk), done);
  }

  override _writev(writes: readonly Write[], done: () => void): void {
    this.#send(joined(writes), done);
  }

  override _final(done: () => void): void {
    this.#post(END);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port.close();
    done(error);
  }

  #send(bytes: Uint8Array<ArrayBuffer>, taken: () => void): void {
    this.#taken = taken;
    this.#post(bytes, [bytes.buffer]);
  }

  #post(message: Message, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  #receive(message: Message): void {
    if (message === MORE) {
      const taken = this.#taken;
      this.#taken = undefined;
      taken?.();
    } else if (message === END) {
      this.#hasEnded = true;
      this.push(null);
    } else {
      this.#owesMore = true;
      this.push(message);
    }
  }
}

/** In memory of their own, which can be given away. */
function joined(writes: readonly Write[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(writes.reduce((sum, { chunk }) => sum + chunk.length, 0));
  let at = 0;
  for (const { chunk } of writes) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
