import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PortStream } from '../../src/abci/port-stream.ts';

const LIMIT = 100_000;

function pair(): [PortStream, PortStream] {
  const { port1, port2 } = new MessageChannel();
  const ends: [PortStream, PortStream] = [
    new PortStream(port1, LIMIT),
    new PortStream(port2, LIMIT),
  ];
  onTestFinished(() => {
    for (const end of ends) end.destroy();
  });
  return ends;
}

async function read(stream: PortStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a stream between two threads', () => {
  it('carries all bytes in order, both ways, and ends', async () => {
    const writes = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(writes, writes, async (there, back) => {
        const [near, far] = pair();
        for (const bytes of there) near.write(bytes);
        for (const bytes of back) far.write(bytes);
        near.end();
        far.end();
        const [came, answered] = await Promise.all([read(far), read(near)]);
        expect(came).toEqual(Buffer.concat(there));
        expect(answered).toEqual(Buffer.concat(back));
      }),
      { numRuns: 50 },
    );
  });

  it('leaves memory that was written to whoever wrote it', async () => {
    const [near, far] = pair();
    const bytes = Uint8Array.of(1, 2, 3);
    near.end(bytes);
    expect(await read(far)).toEqual(Buffer.from(bytes));
    expect(bytes).toHaveLength(3);
  });

  it('puts into one message what is written while another is on its way', async () => {
    const [near, far] = pair();
    for (let i = 0; i < 1000; i++) near.write(Uint8Array.of(i % 256));
    near.end();
    const sizes = (await far.toArray()).map((chunk: Buffer) => chunk.length);
    expect(sizes).toEqual([1, 999]);
  });

  it('holds its writer up while nobody reads, and goes on when somebody does', async () => {
    const [near, far] = pair();
    const kilobyte = new Uint8Array(1000);
    let written = 0;
    do written++;
    while (near.write(kilobyte) && written < 1000);
    // What is on its way counts until it is taken.
    expect(written).toBe(LIMIT / 1000);
    await once(far, 'readable');
    far.pause();
    const drained = once(near, 'drain');
    expect(near.writableNeedDrain).toBe(true);
    far.resume();
    await drained;
    expect(near.write(kilobyte)).toBe(true);
  });

  it('breaks at one end when the other is destroyed', async () => {
    const [near, far] = pair();
    far.write(Uint8Array.of(1));
    await once(near, 'readable');
    far.destroy();
    await expect(near.toArray()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('goes on in one direction when the other has ended', async () => {
    const [near, far] = pair();
    near.end();
    expect(await far.toArray({})).toEqual([]);
    far.write(Uint8Array.of(7));
    const [chunk] = await once(near, 'data');
    expect(chunk).toEqual(Buffer.of(7));
  });
});
