import { ApiError } from '../errors.ts';

/** Where one event stream's events go. Of each name only the latest is kept until it is sent. */
interface EventSink {
  /** `slot` tells what replaces what: an unsent event of the same slot is forgotten. */
  send(slot: string, event: string, data: unknown): void;
  /** Ends the stream after what is waiting. */
  end(): void;
}

/** Server-sent event streams, bounded in number and in what a slow reader makes us keep. */
export interface EventStreams {
  /** `subscribe` gets the sink and returns how to stop. */
  open(subscribe: (sink: EventSink) => () => void): Response;
  count(): number;
  /** Ends all streams. */
  close(): void;
}

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;

export function createEventStreams(most: number): EventStreams {
  const streams = new Set<{ close: () => void }>();
  return {
    count: () => streams.size,
    close: () => {
      for (const stream of [...streams]) stream.close();
    },
    open: (subscribe) => {
      if (streams.size >= most) {
        throw new ApiError({
          status: 503,
          type: 'server_error',
          code: 'too_many_streams',
          message: 'too many event streams are open',
          retryAfterS: 10,
        });
      }
      const stream = createStream(subscribe, () => streams.delete(stream));
      streams.add(stream);
      return new Response(stream.readable, {
        headers: {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies that buffer would hold events back.
          'x-accel-buffering': 'no',
        },
      });
    },
  };
}

function createStream(subscribe: (sink: EventSink) => () => void, onClose: () => void) {
  const encoder = new TextEncoder();
  const waiting = new Map<string, string>();
  let wake = (): void => {};
  let isEnded = false;
  let takenAt = Date.now();
  let stop = (): void => {};
  let timer: NodeJS.Timeout | undefined;

  const close = (): void => {
    isEnded = true;
    clearInterval(timer);
    stop();
    stop = () => {};
    wake();
    onClose();
  };
  const beat = (controller: ReadableStreamDefaultController): void => {
    if (waiting.size > 0 && Date.now() - takenAt > STALLED_MS) {
      close();
      controller.error(new Error('the reader stalled'));
      return;
    }
    if (waiting.size === 0) waiting.set('heartbeat', ': alive\n\n');
    wake();
  };
  const sink: EventSink = {
    send: (slot, event, data) => {
      // Set anew, so that events stay in the order in which they came about.
      waiting.delete(slot);
      waiting.set(slot, encodeEvent(event, data));
      wake();
    },
    end: () => {
      isEnded = true;
      wake();
    },
  };

  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        timer = setInterval(() => beat(controller), HEARTBEAT_MS);
        stop = subscribe(sink);
      },
      pull: async (controller) => {
        takenAt = Date.now();
        if (waiting.size === 0 && !isEnded) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        takenAt = Date.now();
        if (waiting.size > 0) {
          controller.enqueue(encoder.encode([...waiting.values()].join('')));
          waiting.clear();
        }
        if (!isEnded) return;
        close();
        controller.close();
      },
      cancel: close,
    },
    { highWaterMark: 1 },
  );
  return { readable, close };
}

/** One server-sent event; JSON has no line feed, so its data is one line. */
export function encodeEvent(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
