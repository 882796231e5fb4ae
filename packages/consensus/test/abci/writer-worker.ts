import { once } from 'node:events';
import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface WriterTask {
  readonly path: string;
  readonly first: Uint8Array;
  readonly rest: Uint8Array;
  /** Its one number is 1 as soon as the other end has begun to answer `first`, by whoever does that. */
  readonly begun: Int32Array;
  /** Its one number is 1 when all is written: the kernel holds, or the other end has read, every byte. */
  readonly written: Int32Array;
}

/*
 * A thread that writes `first`, and `rest` once that is being answered, over a connection that it
 * keeps until nothing comes any more.
 */

const { path, first, rest, begun, written } = workerData as WriterTask;
const socket = connect(path);
await once(socket, 'connect');
socket.resume();
socket.write(first);
Atomics.wait(begun, 0, 0);
socket.end(rest);
await once(socket, 'finish');
Atomics.store(written, 0, 1);
Atomics.notify(written, 0);
await once(socket, 'close');
