import { SemblanceError } from '@semblance/core/errors';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** An event stream that is not worth listening to: too long an event, or not UTF-8. */
class EventStreamError extends SemblanceError<'EVENT_TOO_LONG' | 'NOT_UTF8'> {}

/** Characters of one event, all its lines together. Progress takes about 150. */
const MAX_EVENT = 4_096;

/**
 * Takes server-sent events out of a byte stream (WHATWG HTML, 9.2). An unfinished event is bounded,
 * so that a hostile sender cannot fill memory.
 */
export async function* readEvents(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  let event = '';
  let data: string[] = [];
  let size = 0;
  for await (const line of readLines(bytes)) {
    size += line.length;
    if (size > MAX_EVENT) throw new EventStreamError('EVENT_TOO_LONG', 'an event is too long', {});
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n') };
      event = '';
      data = [];
      size = 0;
    } else if (!line.startsWith(':')) {
      const [name, value] = field(line);
      if (name === 'event') event = value;
      if (name === 'data') data.push(value);
    }
  }
}

function field(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}

type Utf8Decoder = InstanceType<typeof TextDecoder>;

async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decode(decoder, chunk)).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
    if (rest.length > MAX_EVENT) {
      throw new EventStreamError('EVENT_TOO_LONG', 'a line is too long', {});
    }
  }
}

function decode(decoder: Utf8Decoder, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new EventStreamError('NOT_UTF8', 'not UTF-8', {}, { cause });
  }
}
