import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Application } from '@semblance/chain/application';
import { createMemoryStore } from '@semblance/chain/memory-store';
import { BinaryReader } from 'cosmjs-types/binary';
import { Request, Response } from 'cosmjs-types/tendermint/abci/types';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AbciServer, serveAbci } from '../../src/abci/server.ts';
import { kvstore } from '../fixtures/kvstore.ts';
import { temporaryHome } from '../fixtures/solo.ts';
import { cut, delimited } from './stream.ts';
import type { WriterTask } from './writer-worker.ts';

const MAX_FRAME_BYTES = 1 << 20;
/** Longer than it takes to write some megabytes, whatever else runs. */
const BUSY_MS = 20_000;

interface TestServer extends AbciServer {
  readonly reports: string[];
  readonly failures: unknown[];
}

async function serve(
  address = `unix://${join(temporaryHome(), 'abci.sock')}`,
  app = kvstore(createMemoryStore()),
  maxFrameBytes = MAX_FRAME_BYTES,
): Promise<TestServer> {
  const reports: string[] = [];
  const failures: unknown[] = [];
  const server = await serveAbci(app, {
    address,
    maxFrameBytes,
    report: ({ code }) => reports.push(code),
    onFailure: (error) => failures.push(error),
  });
  onTestFinished(() => server.close());
  return { ...server, reports, failures };
}

async function dial({ address }: AbciServer): Promise<Socket> {
  const url = new URL(address);
  const socket =
    url.protocol === 'unix:'
      ? connect(url.pathname)
      : connect(Number(url.port), url.hostname.replace(/[[\]]/g, ''));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

const frameOf = (request: object) =>
  delimited(Request.encode(Request.fromPartial(request)).finish());

/** The next `count` answers, or those before the connection ends. */
async function answers(socket: Socket, count: number): Promise<Response[]> {
  let bytes = Buffer.alloc(0);
  const found: Response[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    bytes = Buffer.concat([bytes, chunk]);
    for (let at = lengthOf(bytes); at && at.end <= bytes.length; at = lengthOf(bytes)) {
      found.push(Response.decode(bytes.subarray(at.start, at.end)));
      bytes = bytes.subarray(at.end);
    }
    if (found.length >= count) break;
  }
  expect(bytes).toHaveLength(0);
  return found;
}

function lengthOf(bytes: Buffer): { start: number; end: number } | undefined {
  const last = bytes.findIndex((byte) => byte < 0x80);
  if (last < 0) return undefined;
  const length = new BinaryReader(bytes.subarray(0, last + 1)).uint32();
  return { start: last + 1, end: last + 1 + length };
}

/** Answers to nothing but `requests`, over a connection of their own. */
async function ask(server: AbciServer, ...requests: object[]): Promise<Response[]> {
  const socket = await dial(server);
  socket.write(Buffer.concat(requests.map(frameOf)));
  const found = await answers(socket, requests.length);
  socket.destroy();
  return found;
}

const isAlive = async (server: AbciServer) => {
  const [response] = await ask(server, { echo: { message: 'there?' } });
  expect(response?.echo?.message).toBe('there?');
};

/** Requests whose answers depend on what came with them, so that a wrong order shows. */
const request = fc.oneof(
  fc.string().map((message) => ({ echo: { message } })),
  fc.constant({ flush: {} }),
  fc.constant({ info: {} }),
  fc.constant({ listSnapshots: {} }),
  fc.constant({ offerSnapshot: {} }),
  fc.constant({ extendVote: {} }),
  fc
    .uint8Array({ maxLength: 2 })
    .map((voteExtension) => ({ verifyVoteExtension: { voteExtension } })),
  fc.uint8Array({ maxLength: 40 }).map((tx) => ({ checkTx: { tx } })),
  fc.string().map((path) => ({ query: { path } })),
  fc.array(fc.uint8Array({ maxLength: 20 })).map((txs) => ({ prepareProposal: { txs } })),
  fc.array(fc.uint8Array({ maxLength: 20 })).map((txs) => ({ processProposal: { txs } })),
);

describe.each(['unix', 'tcp'])('an ABCI server on %s', (kind) => {
  const address = () => (kind === 'tcp' ? 'tcp://127.0.0.1:0' : undefined);

  it('answers all in order, however the stream is cut and merged', async () => {
    const server = await serve(address());
    const cases = fc.tuple(fc.array(request, { minLength: 1 }), fc.array(fc.nat()));
    await fc.assert(
      fc.asyncProperty(cases, async ([requests, cuts]) => {
        const socket = await dial(server);
        for (const piece of cut(Buffer.concat(requests.map(frameOf)), cuts)) socket.write(piece);
        const found = await answers(socket, requests.length);
        socket.destroy();
        expect(found).toEqual((await Promise.all(requests.map((one) => ask(server, one)))).flat());
        expect(found.map(kindOf)).toEqual(requests.map(kindOf));
      }),
      { numRuns: 30 },
    );
    expect(server.reports).toEqual([]);
  });
});

describe('an ABCI server', () => {
  it('makes blocks over one connection while others ask', async () => {
    const server = await serve();
    const consensus = await dial(server);
    const params = {
      block: { maxBytes: 1000n, maxGas: -1n },
      abci: { voteExtensionsEnableHeight: 1n },
    };
    const tx = Buffer.from('a=1');
    consensus.write(
      Buffer.concat(
        [
          {
            initChain: {
              chainId: 'c',
              initialHeight: 1n,
              time: {},
              consensusParams: params,
              appStateBytes: Buffer.from('{}'),
            },
          },
          { finalizeBlock: { height: 1n, hash: new Uint8Array(32), time: {}, txs: [tx] } },
          { commit: {} },
        ].map(frameOf),
      ),
    );
    const [genesis, block, commit] = await answers(consensus, 3);
    expect(genesis?.initChain?.appHash).toHaveLength(32);
    expect(block?.finalizeBlock?.txResults).toMatchObject([{ code: 0 }]);
    expect(commit?.commit?.retainHeight).toBe(0n);
    const [info, query] = await ask(
      server,
      { info: {} },
      { query: { path: '/store', data: Buffer.from('a') } },
    );
    expect(info?.info).toMatchObject({
      lastBlockHeight: 1n,
      lastBlockAppHash: block?.finalizeBlock?.appHash,
    });
    expect(Buffer.from(query?.query?.value ?? []).toString()).toBe('1');
    const [past] = await ask(server, {
      query: { path: '/store', data: Buffer.from('a'), height: 7n },
    });
    expect(past?.query).toMatchObject({ code: 26, codespace: 'sdk' });
  });

  it.each([
    ['a length that does not end', 'BAD_FRAME', new Uint8Array(5).fill(0xff)],
    ['a frame that is too long', 'FRAME_TOO_LARGE', Uint8Array.of(0x81, 0x80, 0x40)],
    ['what is not protobuf', 'BAD_REQUEST', delimited(Uint8Array.of(0x0a, 0x7f))],
    ['no request at all', 'UNKNOWN_REQUEST', delimited(new Uint8Array())],
    [
      'a request that ABCI 2.0 does not have',
      'UNKNOWN_REQUEST',
      delimited(Uint8Array.of(0xba, 0x3f, 0)),
    ],
    ['two requests in one', 'BAD_REQUEST', frameOf({ flush: {}, info: {} })],
    ['a block of no time', 'BAD_REQUEST', frameOf({ finalizeBlock: { time: { seconds: -1n } } })],
  ])('answers what came before %s, then says why and hangs up', async (_what, code, bytes) => {
    const server = await serve();
    const socket = await dial(server);
    const other = await dial(server);
    socket.write(
      Buffer.concat([frameOf({ echo: { message: 'first' } }), bytes, frameOf({ info: {} })]),
    );
    const found = await answers(socket, Number.POSITIVE_INFINITY);
    expect(found.map(kindOf)).toEqual(['echo', 'exception']);
    expect(server.reports).toEqual([code]);
    other.write(frameOf({ echo: { message: 'second' } }));
    expect((await answers(other, 1))[0]?.echo?.message).toBe('second');
    expect(server.failures).toEqual([]);
  });

  it('survives whatever comes', async () => {
    const server = await serve();
    // Flipped bits of a good stream reach further than bytes at random.
    const good = Buffer.concat(
      [{ info: {} }, { checkTx: { tx: Buffer.from('a=1') } }, { query: { path: '/store' } }].map(
        frameOf,
      ),
    );
    const bent = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }))).map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      return bytes;
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), bent), async (bytes) => {
        const socket = await dial(server);
        socket.end(bytes);
        await answers(socket, Number.POSITIVE_INFINITY);
        await isAlive(server);
      }),
      { numRuns: 200 },
    );
  });

  it('reads no more while its answers are not taken', async () => {
    const server = await serve();
    const socket = await dial(server);
    const message = 'x'.repeat(500_000);
    const count = 100;
    let isHeldUp = false;
    for (let i = 0; i < count; i++) isHeldUp = !socket.write(frameOf({ echo: { message } }));
    await isAlive(server);
    expect(isHeldUp).toBe(true);
    // Both kernels' buffers are full of answers: most of what was asked is still here.
    expect(socket.writableLength).toBeGreaterThan((count * message.length) / 2);
    const found = await answers(socket, count);
    expect(found.every(({ echo }) => echo?.message.length === message.length)).toBe(true);
  });

  it('lets a connection in before all is answered that came over another', async () => {
    const app = kvstore(createMemoryStore());
    const asked: string[] = [];
    const server = await serve(undefined, {
      ...app,
      checkTx: (tx) => {
        asked.push('check');
        return app.checkTx(tx);
      },
      query: (path, data, options) => {
        asked.push('query');
        return app.query(path, data, options);
      },
    });
    const [pool, other] = [await dial(server), await dial(server)];
    const check = frameOf({ checkTx: { tx: Buffer.from('a=1') } });
    pool.write(Buffer.concat(Array.from({ length: 2000 }, () => check)));
    other.write(frameOf({ query: { path: '/store' } }));
    await Promise.all([answers(pool, 2000), answers(other, 1)]);
    expect(asked.indexOf('query')).toBeLessThan(1000);
  });

  it('reads what comes while the application is busy', async () => {
    const app = kvstore(createMemoryStore());
    const [begun, written] = [flag(), flag()];
    const seen: unknown[] = [];
    const busy: Application = {
      ...app,
      query: (path, data, options) => {
        Atomics.store(begun, 0, 1);
        Atomics.notify(begun, 0);
        // Nothing else runs on this thread until all is written, or never will be.
        seen.push(Atomics.wait(written, 0, 0, BUSY_MS) === 'timed-out' ? 'held up' : 'written');
        return app.query(path, data, options);
      },
      checkTx: (tx) => {
        seen.push(tx.length);
        return app.checkTx(tx);
      },
    };
    const server = await serve(undefined, busy, 8 * MAX_FRAME_BYTES);
    // Twenty times what the kernel holds for a Unix socket.
    const sizes = Array.from({ length: 8000 }, (_, i) => 100 + (i % 800));
    const checks = sizes.map((size) => frameOf({ checkTx: { tx: Buffer.alloc(size) } }));
    const task: WriterTask = {
      path: new URL(server.address).pathname,
      first: frameOf({ query: { path: '/store' } }),
      rest: Buffer.concat(checks),
      begun,
      written,
    };
    const writer = new Worker(new URL('./writer-worker.ts', import.meta.url), { workerData: task });
    await once(writer, 'exit');
    expect(seen).toEqual(['written', ...sizes]);
  });

  it('tells when the application throws, and says why to the engine', async () => {
    const server = await serve();
    const [response] = await ask(server, { commit: {} });
    expect(response?.exception?.error).toBe('nothing to commit');
    await expect.poll(() => server.failures).toMatchObject([{ message: 'nothing to commit' }]);
    expect(server.reports).toEqual([]);
  });

  it('answers and tells when an answer cannot be encoded', async () => {
    const app = kvstore(createMemoryStore());
    const broken = { ...app, info: () => ({ height: 1n, appHash: undefined }) as never };
    const server = await serve(undefined, broken);
    expect(await ask(server, { info: {} })).toMatchObject([{ exception: {} }]);
    await expect.poll(() => server.failures).toHaveLength(1);
  });

  it('lets its answers leave when it closes', async () => {
    const server = await serve();
    const socket = await dial(server);
    socket.write(frameOf({ echo: { message: 'last' } }));
    await once(socket, 'readable');
    await server.close();
    expect((await answers(socket, Number.POSITIVE_INFINITY)).map(kindOf)).toEqual(['echo']);
  });

  it('takes the place of a socket that a killed process left, for the owner only', async () => {
    const path = join(temporaryHome(), 'abci.sock');
    const left = await serve(`unix://${path}`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await isAlive(await serve(left.address));
  });

  it('lets no more than sixteen in at once', async () => {
    const server = await serve();
    const sockets = [];
    for (let i = 0; i < 16; i++) sockets.push(await dial(server));
    const refused = await dial(server);
    expect(await answers(refused, 1)).toEqual([]);
    sockets[0]?.write(frameOf({ echo: { message: 'in' } }));
    expect((await answers(sockets[0] as Socket, 1))[0]?.echo?.message).toBe('in');
  });

  it('says why when it cannot listen', async () => {
    const { address } = await serve('tcp://127.0.0.1:0');
    await expect(serve(address)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('leaves a file that is no socket alone', async () => {
    const path = join(temporaryHome(), 'abci.sock');
    writeFileSync(path, 'precious');
    await expect(serve(`unix://${path}`)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    'tcp://0.0.0.0:1',
    'tcp://example.org:1',
    'tcp://127.0.0.1:65536',
    'tcp://127.0.0.1',
    'unix://relative',
    `unix:///${'x'.repeat(200)}`,
    'http://127.0.0.1:1',
    '',
  ])('refuses to listen at %j', async (address) => {
    await expect(serve(address)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

function kindOf(message: object): string | undefined {
  return Object.entries(message).find(([, value]) => value !== undefined)?.[0];
}

function flag(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}
