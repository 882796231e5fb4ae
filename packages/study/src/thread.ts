import { parentPort } from 'node:worker_threads';

/** What ends a thread; every task is an object. */
export const END = null;

/**
 * Answers the tasks that `startThreads` gives to this thread, one after another, until it is told
 * to end. It ends by itself, when the last answer is given: cut off inside a native library, a
 * thread takes the whole process with it. A rejection ends the thread, and the threads beside it.
 */
export function answerTasks<Task, Answer>(answer: (task: Task) => Promise<Answer>): void {
  const port = parentPort;
  if (!port) throw new Error('runs as a worker thread only');
  port.on('message', (task: Task | typeof END) => {
    if (task === END) port.close();
    else void answer(task).then((it) => port.postMessage(it));
  });
}
