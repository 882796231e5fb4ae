import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../src/accounts/rate-limit.ts';
import { createEventStreams, encodeEvent } from '../src/http/event-streams.ts';
import { isLoopback, isLoopbackHost, isLoopbackOrigin } from '../src/http/loopback.ts';
import { seedsOf } from '../src/jobs/seeds.ts';
import { endpointUrl } from '../src/nodes/endpoint.ts';
import { readEvents, type ServerSentEvent } from '../src/nodes/event-reader.ts';
import { parseProgress } from '../src/nodes/progress.ts';

async function eventsOf(...chunks: (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk as string);
  }
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(bytes())) events.push(event);
  return events;
}

describe('events of a node', () => {
  it('are read however they are cut and ended', async () => {
    const one = { event: 'progress', data: 'x' };
    expect(await eventsOf('event: progress\ndata: x\n\n')).toEqual([one]);
    expect(await eventsOf('event: progress\r', '\ndata: x\r\n', '\r\n')).toEqual([one]);
    expect(await eventsOf('event:prog', 'ress\rdata:x\r', '\r', ': end\n')).toEqual([one]);
    expect(await eventsOf(': alive\n\nid: 1\n\n', 'data\n\n')).toEqual([
      { event: 'message', data: '' },
    ]);
    expect(await eventsOf('data: é\n', 'data: b\n\n')).toEqual([
      { event: 'message', data: 'é\nb' },
    ]);
    expect(await eventsOf('data: unfinished')).toEqual([]);
  });

  it('end when one is too long or not text', async () => {
    await expect(eventsOf('x'.repeat(5_000))).rejects.toThrow('too long');
    await expect(eventsOf(...Array(5_000).fill('data: x\n'))).rejects.toThrow('too long');
    await expect(eventsOf(Uint8Array.of(0x64, 0xff, 0x0a))).rejects.toThrow('UTF-8');
  });

  it.each([
    ['nothing', ''],
    ['a number', '7'],
    ['no job', '{"stage":"step","step":1,"steps":2}'],
    ['a job that is none', '{"job":"../x","stage":"step","step":1,"steps":2}'],
    ['an unknown stage', `{"job":"${'a'.repeat(64)}","stage":"won","step":1,"steps":2}`],
    ['a step beyond the last', `{"job":"${'a'.repeat(64)}","stage":"step","step":3,"steps":2}`],
    ['a negative step', `{"job":"${'a'.repeat(64)}","stage":"step","step":-1,"steps":2}`],
    ['endless steps', `{"job":"${'a'.repeat(64)}","stage":"step","step":1,"steps":1e9}`],
  ])('say nothing when they hold %s', (_, data) => {
    expect(parseProgress(data)).toBeUndefined();
  });
});

describe('endpoints of nodes', () => {
  it('are called under their own path', () => {
    expect(endpointUrl('http://127.0.0.1:9000', '/events')?.href).toBe(
      'http://127.0.0.1:9000/events',
    );
    expect(endpointUrl('https://n.example/a/', '/events')?.href).toBe('https://n.example/a/events');
  });

  it.each([
    '',
    'x',
    'file:///etc/passwd',
    'ftp://n.example',
    'http://user:secret@n.example',
    'http://n.example/?q=',
    'http://n.example/#a',
    `http://${'a'.repeat(300)}.example`,
  ])('are not called when they are %s', (endpoint) => {
    expect(endpointUrl(endpoint, '/events')).toBeUndefined();
  });
});

describe('this machine', () => {
  it('is known by its names, and by nothing that looks like them', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1']) {
      expect(isLoopback(host)).toBe(true);
    }
    for (const host of ['0.0.0.0', '10.0.0.1', 'localhost.example', '1127.0.0.1']) {
      expect(isLoopback(host)).toBe(false);
    }
    for (const host of ['127.0.0.1', 'LOCALHOST:80', 'localhost:8080', '[::1]:8080']) {
      expect(isLoopbackHost(host)).toBe(true);
    }
    for (const host of [undefined, '', 'localhost/x', 'a@localhost', '127.1', '2130706433']) {
      expect(isLoopbackHost(host)).toBe(false);
    }
    expect(isLoopbackOrigin('http://[::1]:3000')).toBe(true);
    expect(isLoopbackOrigin('null')).toBe(false);
    expect(isLoopbackOrigin('file://localhost')).toBe(false);
  });
});

describe('the rate limit', () => {
  it('gives back what time brings, to each key for itself', () => {
    const limit = createRateLimit(2, 4);
    expect(limit.take('a', 4, 0)).toBe(0);
    expect(limit.take('a', 1, 0)).toBe(1);
    expect(limit.take('a', 4, 0)).toBe(2);
    expect(limit.take('b', 4, 0)).toBe(0);
    expect(limit.take('a', 1, 500)).toBe(0);
    expect(limit.take('a', 1, 500)).toBe(1);
    expect(limit.take('a', 4, 1_000_000)).toBe(0);
    // A clock that was set back gives nothing away.
    expect(limit.take('a', 1, 0)).toBe(1);
  });
});

describe('seeds', () => {
  it('follow the first one around the end of 64 bits', () => {
    expect(seedsOf(2n ** 64n - 1n, 3)).toEqual([2n ** 64n - 1n, 0n, 1n]);
  });

  it('are drawn apart and below 2^53 when none is given', () => {
    const seeds = seedsOf(undefined, 4);
    expect(new Set(seeds).size).toBe(4);
    for (const seed of seeds) expect(seed).toBeLessThan(2n ** 53n);
  });
});

describe('event streams', () => {
  it('keep only the latest of each kind for a reader that is slow', async () => {
    const streams = createEventStreams(1);
    const response = streams.open((sink) => {
      for (let step = 0; step < 10_000; step++) sink.send('node', 'progress', { step });
      sink.send('job', 'job', { status: 'settled' });
      sink.end();
      return () => {};
    });
    expect(await response.text()).toBe(
      encodeEvent('progress', { step: 9_999 }) + encodeEvent('job', { status: 'settled' }),
    );
    expect(streams.count()).toBe(0);
  });

  it('are bounded in number, and stop what feeds them when their reader leaves', async () => {
    const streams = createEventStreams(1);
    let stopped = 0;
    const open = () =>
      streams.open(() => () => {
        stopped++;
      });
    const first = open();
    expect(open).toThrow('too many');
    await first.body?.cancel();
    expect(stopped).toBe(1);
    const second = open();
    streams.close();
    expect(await second.text()).toBe('');
    expect(stopped).toBe(2);
  });

  it('hold one line a field whatever the data is', () => {
    expect(encodeEvent('job', { prompt: 'a\n\nevent: x\r' })).toBe(
      'event: job\ndata: {"prompt":"a\\n\\nevent: x\\r"}\n\n',
    );
  });
});
