import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { runSolo, type SoloChain } from '../src/solo/run.ts';
import { generateValidatorKey } from '../src/validator-key.ts';
import { kvstore } from './fixtures/kvstore.ts';
import { kvstoreGenesis, rpc, startKvstore, txOf } from './fixtures/solo.ts';

let chain: SoloChain;
let url: string;
let reports: unknown[];
const home = mkdtempSync(join(tmpdir(), 'semblance-rpc-'));

beforeAll(async () => {
  const validatorKey = generateValidatorKey();
  reports = [];
  chain = await runSolo(
    {
      home,
      validatorKey,
      genesis: kvstoreGenesis(validatorKey.publicKey),
      rpc: { host: '127.0.0.1', port: 0 },
      emptyBlockMs: 60_000,
      report: (error) => reports.push(error),
    },
    kvstore,
  );
  url = chain.rpcUrl;
  for (let i = 1; i <= 12; i++) await commitTx(`key${i % 3}=${i}`);
});

afterAll(async () => {
  await chain.stop();
  rmSync(home, { recursive: true });
  expect(reports).toEqual([]);
});

const commitTx = async (text: string) =>
  (await rpc(url, 'broadcast_tx_commit', { tx: txOf(text) })).result;

async function post(body: string): Promise<{ status: number; json: unknown; headers: Headers }> {
  const response = await fetch(url, { method: 'POST', body });
  const text = await response.text();
  return {
    status: response.status,
    json: text === '' ? undefined : JSON.parse(text),
    headers: response.headers,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the RPC
async function get(path: string): Promise<{ status: number; json: any }> {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, json: await response.json() };
}

describe('envelope', () => {
  it('answers a request with its id', async () => {
    const { json } = await post('{"jsonrpc":"2.0","id":"x","method":"health"}');
    expect(json).toEqual({ jsonrpc: '2.0', id: 'x', result: {} });
  });

  it('answers a batch in order and is silent to notifications', async () => {
    const { json } = await post(
      '[{"id":1,"method":"health"},{"method":"health"},{"id":2,"method":"nothing"},7]',
    );
    expect(json).toMatchObject([
      { id: 1, result: {} },
      { id: 2, error: { code: -32601 } },
      { id: null, error: { code: -32600 } },
    ]);
    expect((await post('{"method":"health"}')).json).toBeUndefined();
  });

  it.each([
    ['not JSON', '{"method":', -32700],
    ['nothing', '', -32700],
    ['an empty batch', '[]', -32600],
    ['a long batch', `[${Array(51).fill('{"id":1,"method":"health"}').join(',')}]`, -32600],
    ['a string', '"health"', -32600],
    ['null', 'null', -32600],
    ['no method', '{"id":1}', -32600],
    ['a method that is a number', '{"id":1,"method":5}', -32600],
    ['an id that is an object', '{"id":{},"method":"health"}', -32600],
    ['an id of a megabyte', `{"id":"${'i'.repeat(1e6)}","method":"health"}`, -32600],
    ['an inherited method', '{"id":1,"method":"constructor"}', -32601],
    ['params that are a string', '{"id":1,"method":"block","params":"5"}', -32602],
    ['too many params', '{"id":1,"method":"block","params":["1","2"]}', -32602],
    ['a height in letters', '{"id":1,"method":"block","params":{"height":"five"}}', -32602],
    ['a fractional height', '{"id":1,"method":"block","params":{"height":1.5}}', -32602],
    ['a huge height', `{"id":1,"method":"block","params":{"height":"${'9'.repeat(30)}"}}`, -32602],
    ['a height that is an object', '{"id":1,"method":"block","params":{"height":{}}}', -32602],
    ['a negative height', '{"id":1,"method":"block","params":{"height":"-1"}}', -32603],
    ['a future height', '{"id":1,"method":"block","params":{"height":"99999"}}', -32603],
    [
      'a tx that is not base64',
      '{"id":1,"method":"broadcast_tx_sync","params":{"tx":"*"}}',
      -32602,
    ],
    ['no tx', '{"id":1,"method":"broadcast_tx_sync"}', -32602],
    ['a short hash', '{"id":1,"method":"tx","params":{"hash":"AAAA"}}', -32602],
    ['data that is not hex', '{"id":1,"method":"abci_query","params":{"data":"xyz"}}', -32602],
    ['no query', '{"id":1,"method":"tx_search","params":{}}', -32602],
    ['a bad query', '{"id":1,"method":"tx_search","params":{"query":"a = "}}', -32602],
    [
      'a bad order',
      '{"id":1,"method":"tx_search","params":{"query":"a=1","order_by":"x"}}',
      -32602,
    ],
    ['page 0', '{"id":1,"method":"tx_search","params":{"query":"a=1","page":"0"}}', -32603],
    ['a page beyond', '{"id":1,"method":"tx_search","params":{"query":"a=1","page":"2"}}', -32603],
  ])('refuses %s', async (_name, body, code) => {
    expect((await post(body)).json).toMatchObject({
      jsonrpc: '2.0',
      error: { code, message: expect.any(String), data: expect.any(String) },
    });
  });

  it('survives deep nesting', async () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    expect((await post(deep)).json).toMatchObject([{ error: { code: -32600 } }]);
    const inside = `{"id":1,"method":"block","params":{"height":${'['.repeat(9999)}${']'.repeat(9999)}}}`;
    expect((await post(inside)).json).toMatchObject({ error: { code: -32602 } });
  });

  it('refuses a body over the limit, announced or not', async () => {
    const huge = 'x'.repeat(3 * 1024 * 1024);
    expect(await post(huge)).toMatchObject({ status: 413, json: { error: { code: -32600 } } });
    const streamed = await fetch(url, {
      method: 'POST',
      body: new Blob([huge]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });

  it('takes a transaction of 512 KiB', async () => {
    const result = await commitTx('large='.padEnd(512 * 1024, 'x'));
    expect(result.tx_result.code).toBe(0);
  });

  it('lets every web page ask', async () => {
    expect(
      (await post('{"id":1,"method":"health"}')).headers.get('access-control-allow-origin'),
    ).toBe('*');
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
  });

  it('outlives garbage on the wire', async () => {
    const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
    const closed = Promise.withResolvers<void>();
    socket.on('close', () => closed.resolve());
    socket.on('error', () => closed.resolve());
    socket.write('\0\x16\x03 nonsense\r\n\r\n');
    socket.resume();
    await closed.promise;
    expect((await rpc(url, 'health')).result).toEqual({});
  });
});

describe('addresses', () => {
  it('calls methods by GET', async () => {
    expect((await get('/health')).json).toEqual({ jsonrpc: '2.0', id: -1, result: {} });
    expect((await get('/block?height=2')).json.result.block.header.height).toBe('2');
    expect((await get('/block?height="2"')).json.result.block.header.height).toBe('2');
    const query = await get(
      `/abci_query?path="/store"&data=0x${Buffer.from('key1').toString('hex')}`,
    );
    expect(Buffer.from(query.json.result.response.value, 'base64').toString()).toBe('10');
    const sent = await get('/broadcast_tx_commit?tx="uri=1"');
    expect(sent.json.result.tx_result.code).toBe(0);
    const found = await get(`/tx?hash=0x${sent.json.result.hash}&prove=true`);
    expect(found.json.result.proof.proof.total).toBe('1');
    const search = await get(`/tx_search?query="app.key='uri'"&per_page=1&order_by="desc"`);
    expect(search.json.result.total_count).toBe('1');
  });

  it('refuses what is not there or not right', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/')).status).toBe(404);
    expect(await get('/block?height=x')).toMatchObject({
      status: 500,
      json: { error: { code: -32602 } },
    });
    expect((await get('/broadcast_tx_sync?tx=1')).json.error.code).toBe(-32602);
    expect((await get('/tx?hash=0x00&prove=maybe')).json.error.code).toBe(-32602);
  });
});

describe('methods', () => {
  it('takes arguments by position', async () => {
    expect((await rpc(url, 'block', ['3'])).result.block.header.height).toBe('3');
    expect((await rpc(url, 'block', [3])).result.block.header.height).toBe('3');
    const data = Buffer.from('key2').toString('hex');
    const { response } = (await rpc(url, 'abci_query', ['/store', data, '0', false])).result;
    expect(Buffer.from(response.value, 'base64').toString()).toBe('11');
    expect(Number(response.height)).toBeGreaterThan(0);
  });

  it('keeps no state but the latest', async () => {
    const old = await rpc(url, 'abci_query', { path: '/store', data: '', height: '2' });
    expect(old.result.response).toMatchObject({ code: 26, codespace: 'sdk' });
  });

  it('finds blocks by hash', async () => {
    const { block_id: id } = (await rpc(url, 'block', { height: '2' })).result;
    const hash = Buffer.from(id.hash, 'hex').toString('base64');
    expect((await rpc(url, 'block_by_hash', { hash })).result.block.header.height).toBe('2');
    expect((await rpc(url, 'header_by_hash', { hash })).result.header.height).toBe('2');
    const none = Buffer.alloc(32).toString('base64');
    expect((await rpc(url, 'block_by_hash', { hash: none })).result.block).toBeNull();
  });

  it('lists metas downwards, at most twenty', async () => {
    const { result } = await rpc(url, 'blockchain', { minHeight: '2', maxHeight: '5' });
    expect(
      result.block_metas.map((meta: { header: { height: string } }) => meta.header.height),
    ).toEqual(['5', '4', '3', '2']);
    expect(result.block_metas[0]).toMatchObject({ num_txs: '1', block_size: expect.any(String) });
    expect((await rpc(url, 'blockchain', { minHeight: '5', maxHeight: '2' })).error?.code).toBe(
      -32603,
    );
  });

  it('pages and orders what it found', async () => {
    const search = async (params: object) => {
      const { result } = await rpc(url, 'tx_search', { query: "app.key='key1'", ...params });
      return {
        total: result.total_count,
        heights: result.txs.map((tx: { height: string }) => Number(tx.height)),
      };
    };
    expect(await search({})).toEqual({ total: '4', heights: [2, 5, 8, 11] });
    expect(await search({ per_page: '3' })).toEqual({ total: '4', heights: [2, 5, 8] });
    expect(await search({ per_page: '3', page: '2' })).toEqual({ total: '4', heights: [11] });
    expect(await search({ per_page: '3', order_by: 'desc' })).toEqual({
      total: '4',
      heights: [11, 8, 5],
    });
    expect(await search({ query: "app.key='key1' AND tx.height>2 AND tx.height<=8" })).toEqual({
      total: '2',
      heights: [5, 8],
    });
    expect(await search({ query: "app.key='key1' AND app.size=7" })).toEqual({
      total: '1',
      heights: [11],
    });
    expect(await search({ query: "app.key CONTAINS 'ey2' AND tx.height < 5" })).toEqual({
      total: '1',
      heights: [3],
    });
    expect((await search({ query: 'app.key EXISTS AND tx.height<14' })).total).toBe('12');
    expect((await search({ query: "app.key='key1' AND app.key='key2'" })).total).toBe('0');
    expect((await search({ query: 'tx.height>5 AND tx.height<3' })).total).toBe('0');
  });

  it('finds a transaction by its hash in either case', async () => {
    const { hash, height } = await commitTx('hash=1');
    for (const text of [hash, hash.toLowerCase()]) {
      const { result } = await rpc(url, 'tx_search', { query: `tx.hash='${text}'` });
      expect(result.txs).toMatchObject([{ hash, height }]);
    }
  });

  it('says why a transaction did not come in', async () => {
    expect((await rpc(url, 'broadcast_tx_sync', { tx: txOf('bad') })).result).toMatchObject({
      code: 1,
      codespace: 'kvstore',
      log: 'not key=value',
    });
    await commitTx('again=1');
    expect((await rpc(url, 'broadcast_tx_sync', { tx: txOf('again=1') })).error).toMatchObject({
      code: -32603,
      data: 'tx already exists in cache',
    });
    const refused = await commitTx('bad');
    expect(refused).toMatchObject({ height: '0', check_tx: { code: 1 } });
    const failed = await commitTx('late=1');
    expect(failed).toMatchObject({ check_tx: { code: 0 }, tx_result: { code: 1, log: 'late' } });
    expect((await commitTx('late=1')).tx_result.code).toBe(1);
    const tooLarge = await rpc(url, 'broadcast_tx_sync', { tx: txOf('a='.padEnd(1_100_000, 'a')) });
    expect(tooLarge.error?.data).toMatch(/Tx too large/);
  });

  it('answers everything else in the shape clients expect', async () => {
    expect((await rpc(url, 'net_info')).result).toMatchObject({ n_peers: '0', peers: [] });
    expect((await rpc(url, 'abci_info')).result.response.last_block_height).toMatch(/^\d+$/);
    const params = (await rpc(url, 'consensus_params', { height: '1' })).result;
    expect(params.consensus_params.block.max_bytes).toBe('4194304');
    expect((await rpc(url, 'num_unconfirmed_txs')).result).toEqual({
      n_txs: '0',
      total: '0',
      total_bytes: '0',
      txs: null,
    });
    expect((await rpc(url, 'unconfirmed_txs', { limit: '5' })).result.txs).toEqual([]);
    const chunk = (await rpc(url, 'genesis_chunked', { chunk: '0' })).result;
    const genesis = JSON.parse(Buffer.from(chunk.data, 'base64').toString());
    expect(genesis).toEqual((await rpc(url, 'genesis')).result.genesis);
    expect((await rpc(url, 'genesis_chunked', { chunk: '1' })).error?.code).toBe(-32602);
    const { result } = await rpc(url, 'validators', {});
    expect(result).toMatchObject({ count: '1', total: '1', validators: [{ voting_power: '10' }] });
    const { status } = { status: (await rpc(url, 'status')).result };
    expect(status.node_info.version).toMatch(/^0\.38\./);
    expect(status.sync_info.catching_up).toBe(false);
    const missing = Buffer.alloc(32).toString('base64');
    expect((await rpc(url, 'tx', { hash: missing })).error?.data).toMatch(/not found/);
  });
});

/** A socket with the messages it got, and a way to wait for the next. */
async function openSocket(target = url) {
  const socket = new WebSocket(`${target.replace('http', 'ws')}/websocket`);
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the RPC
  const waiting: ((message: any) => void)[] = [];
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the RPC
  const arrived: any[] = [];
  socket.on('message', (data) => {
    const message: unknown = JSON.parse((data as Buffer).toString());
    const resolve = waiting.shift();
    if (resolve === undefined) arrived.push(message);
    else resolve(message);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('open', resolve));
  onTestFinished(() => socket.terminate());
  return {
    socket,
    closed,
    arrived,
    send: (message: unknown) => socket.send(JSON.stringify(message)),
    // biome-ignore lint/suspicious/noExplicitAny: JSON of the RPC
    next: (): Promise<any> =>
      arrived.length > 0
        ? Promise.resolve(arrived.shift())
        : new Promise((resolve) => waiting.push(resolve)),
  };
}

describe('socket', () => {
  it('answers every method', async () => {
    const { send, next } = await openSocket();
    send({ jsonrpc: '2.0', id: 5, method: 'health' });
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 5, result: {} });
    send({ jsonrpc: '2.0', id: 6, method: 'nothing' });
    expect((await next()).error.code).toBe(-32601);
  });

  it('sends the events that a query matches, under its id', async () => {
    const { send, next, arrived } = await openSocket();
    const query = "tm.event='Tx' AND app.key='watched'";
    send({ jsonrpc: '2.0', id: 'sub', method: 'subscribe', params: { query } });
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 'sub', result: {} });
    await commitTx('ignored=1');
    const sent = await commitTx('watched=1');
    const event = await next();
    expect(event).toMatchObject({
      id: 'sub',
      result: {
        query,
        data: {
          type: 'tendermint/event/Tx',
          value: { TxResult: { height: sent.height, index: 0, tx: txOf('watched=1') } },
        },
        events: {
          'tm.event': ['Tx'],
          'tx.hash': [sent.hash],
          'tx.height': [sent.height],
          'app.key': ['watched'],
        },
      },
    });
    send({ jsonrpc: '2.0', id: 2, method: 'unsubscribe', params: { query } });
    expect(await next()).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
    await commitTx('watched=2');
    expect(arrived).toEqual([]);
  });

  it('tells of blocks, headers and block events', async () => {
    const { send, next } = await openSocket();
    const kinds = ['NewBlock', 'NewBlockHeader', 'NewBlockEvents'];
    for (const [id, kind] of kinds.entries()) {
      send({ jsonrpc: '2.0', id, method: 'subscribe', params: [`tm.event='${kind}'`] });
      expect((await next()).result).toEqual({});
    }
    const { height } = await commitTx('blocks=1');
    for (const [id, kind] of kinds.entries()) {
      const event = await next();
      expect(event).toMatchObject({ id, result: { data: { type: `tendermint/event/${kind}` } } });
      const { value } = event.result.data;
      expect((value.block ?? value).header?.height ?? value.height).toBe(height);
    }
  });

  it('bounds subscriptions and refuses repeats and nonsense', async () => {
    const { send, next } = await openSocket();
    const subscribe = async (query: unknown) => {
      send({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { query } });
      return next();
    };
    expect((await subscribe('tm.event=')).error.code).toBe(-32602);
    expect((await subscribe(undefined)).error.code).toBe(-32602);
    expect((await subscribe(`a='${'x'.repeat(600)}'`)).error.code).toBe(-32602);
    for (let i = 0; i < 20; i++) expect((await subscribe(`a='${i}'`)).result).toEqual({});
    expect((await subscribe("a='0'")).error.data).toBe('already subscribed');
    expect((await subscribe("a='20'")).error.data).toMatch(/max_subscriptions_per_client/);
    send({ jsonrpc: '2.0', id: 1, method: 'unsubscribe_all' });
    expect((await next()).result).toEqual({});
    expect((await subscribe("a='20'")).result).toEqual({});
    send({ jsonrpc: '2.0', id: 1, method: 'unsubscribe', params: { query: "a='0'" } });
    expect((await next()).error.data).toBe('subscription not found');
  });

  it('answers garbage with an error and drops a message that is too long', async () => {
    const { socket, next, closed } = await openSocket();
    socket.send('{');
    expect((await next()).error.code).toBe(-32700);
    socket.send('[]');
    expect((await next()).error.code).toBe(-32600);
    socket.send('x'.repeat(3 * 1024 * 1024));
    expect(await closed).toBe(1009);
  });

  it('drops who does not read', async () => {
    const own = await startKvstore();
    const { send, next, socket, closed } = await openSocket(own.rpcUrl);
    for (let i = 0; i < 20; i++) {
      send({ id: i, method: 'subscribe', params: [`tm.event='Tx' AND tx.height<${100 + i}`] });
      await next();
    }
    socket.pause();
    // Each of these is 20 events of 1.3 MB; the reader's kernel takes a few MB of them.
    for (let i = 0; i < 4; i++) {
      await rpc(own.rpcUrl, 'broadcast_tx_commit', { tx: txOf(`${i}=`.padEnd(1_000_000, 'x')) });
    }
    socket.resume();
    expect(await closed).toBe(1006);
    expect((await rpc(own.rpcUrl, 'health')).result).toEqual({});
  });

  it('is only at its own path', async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/other`);
    await expect(
      new Promise((resolve, reject) => {
        socket.on('open', resolve);
        socket.on('error', reject);
      }),
    ).rejects.toThrow();
  });

  it('says goodbye when the chain stops', async () => {
    const own = await startKvstore();
    const { closed } = await openSocket(own.rpcUrl);
    await own.stop();
    expect([1001, 1006]).toContain(await closed);
  });
});
