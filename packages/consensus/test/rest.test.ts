import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiChain,
  CHAIN_ID,
  ENGINES,
  get,
  included,
  post,
  sendMessage,
  startApiChain,
} from './fixtures/api.ts';

const RECEIVER = 'sem1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5hdndac';

/* The same REST, whichever way the engine is reached. */

describe.each(ENGINES)('with its engine %s', (engine) => {
  let running: ApiChain;
  let rest: string;

  beforeAll(async () => {
    running = await startApiChain(engine);
    rest = running.api.restUrl;
    return () => running.stop();
  });

  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const broadcast = (tx: Uint8Array, mode = 'BROADCAST_MODE_SYNC') =>
    post(`${rest}/cosmos/tx/v1beta1/txs`, { tx_bytes: base64(tx), mode });

  describe('accounts and balances', () => {
    it('gives an account with its type', async () => {
      const { status, body } = await get(`${rest}/cosmos/auth/v1beta1/accounts/${running.sender}`);
      expect(status).toBe(200);
      expect(body.account).toMatchObject({
        '@type': '/cosmos.auth.v1beta1.BaseAccount',
        address: running.sender,
        account_number: '0',
      });
    });

    it('gives balances with the height they were seen at', async () => {
      const { status, headers, body } = await get(
        `${rest}/cosmos/bank/v1beta1/balances/${running.sender}`,
      );
      expect(status).toBe(200);
      expect(body).toEqual({
        balances: [{ denom: 'usem', amount: expect.stringMatching(/^\d+$/) }],
        pagination: { next_key: null, total: '1' },
      });
      expect(headers.get('grpc-metadata-x-cosmos-block-height')).toMatch(/^[1-9]\d*$/);
    });

    it('takes a parameter beside the path', async () => {
      const path = `${rest}/cosmos/bank/v1beta1/balances/${running.sender}/by_denom`;
      expect((await get(`${path}?denom=usem`)).body.balance.denom).toBe('usem');
      expect((await get(`${path}?denom=nothing`)).body.balance.amount).toBe('0');
    });

    it('tells a missing account, a bad address and a missing route apart', async () => {
      const accounts = `${rest}/cosmos/auth/v1beta1/accounts`;
      expect(await get(`${accounts}/${RECEIVER}x`)).toMatchObject({
        status: 400,
        body: { code: 3, message: expect.stringContaining('address'), details: [] },
      });
      expect(await get(`${rest}/cosmos/auth/v1beta1/nothing`)).toMatchObject({
        status: 501,
        body: { code: 12, message: 'Not Implemented', details: [] },
      });
      expect(await get(`${rest}/cosmos/bank/v1beta1/denoms_metadata/usem`)).toMatchObject({
        status: 501,
        body: { code: 12 },
      });
      const missing = await get(`${accounts}/sem1fa857n60fa857n60fa857n60fa857n604jpp6n`);
      expect(missing).toMatchObject({ status: 404, body: { code: 5, details: [] } });
      expect(missing.body.message).toMatch(/not found/);
    });
  });

  describe('a height in the header', () => {
    it('is served when it is the latest', async () => {
      const path = `${rest}/cosmos/bank/v1beta1/balances/${running.sender}`;
      const latest = (await get(path)).headers.get('grpc-metadata-x-cosmos-block-height') ?? '';
      const { status, headers } = await get(path, { 'x-cosmos-block-height': latest });
      expect(status).toBe(200);
      expect(headers.get('grpc-metadata-x-cosmos-block-height')).toBe(latest);
    });

    it.each(['7777777', '-1', 'x', '99999999999999999999'])(
      'is refused when it is %s',
      async (height) => {
        const path = `${rest}/cosmos/bank/v1beta1/balances/${running.sender}`;
        const { status, body } = await get(path, { 'x-cosmos-block-height': height });
        expect(status).toBe(400);
        expect(body.code).toBe(3);
        expect(body.message).toMatch(/height/);
      },
    );
  });

  describe('the engine', () => {
    const tendermint = () => `${rest}/cosmos/base/tendermint/v1beta1`;

    it('says who it is', async () => {
      const { body } = await get(`${tendermint()}/node_info`);
      expect(body.default_node_info).toMatchObject({
        network: CHAIN_ID,
        version: expect.stringMatching(/^0\.38\./),
      });
      expect(body.application_version).toMatchObject({
        name: 'semblance',
        cosmos_sdk_version: expect.stringMatching(/^v0\.5/),
      });
      expect((await get(`${tendermint()}/syncing`)).body).toEqual({ syncing: false });
    });

    it('gives blocks by height and the latest', async () => {
      const { body } = await get(`${tendermint()}/blocks/1`);
      expect(body.block.header).toMatchObject({
        chain_id: CHAIN_ID,
        height: '1',
        version: { block: '11', app: '0' },
        time: expect.stringMatching(/^20\d\d-.*Z$/),
        last_block_id: { hash: null, part_set_header: { total: 0, hash: null } },
      });
      expect(body.sdk_block.header.proposer_address).toMatch(/^semvalcons1/);
      expect(Buffer.from(body.block_id.hash, 'base64')).toHaveLength(32);
      const latest = (await get(`${tendermint()}/blocks/latest`)).body;
      expect(Number(latest.block.header.height)).toBeGreaterThanOrEqual(1);
    });

    it.each(['0', '-1', '7777777', 'x'])('has no block %s', async (height) => {
      const { status, body } = await get(`${tendermint()}/blocks/${height}`);
      expect({ status, code: body.code }).toEqual({ status: 400, code: 3 });
    });

    it('gives the validators', async () => {
      for (const which of ['latest', '1']) {
        const { body } = await get(`${tendermint()}/validatorsets/${which}`);
        expect(body.pagination).toEqual({ next_key: null, total: '1' });
        expect(body.validators).toEqual([
          {
            address: expect.stringMatching(/^semvalcons1/),
            pub_key: { '@type': '/cosmos.crypto.ed25519.PubKey', key: expect.any(String) },
            voting_power: '10',
            proposer_priority: '0',
          },
        ]);
      }
    });

    it('answers queries by their path', async () => {
      const path = encodeURIComponent('/cosmos.auth.v1beta1.Query/Bech32Prefix');
      const { body } = await get(`${tendermint()}/abci_query?path=${path}`);
      expect(body.code).toBe(0);
      expect(Buffer.from(body.value, 'base64').toString()).toBe('\n\u0003sem');
      expect(body.proof_ops).toBeNull();
    });
  });

  describe('transactions', () => {
    it('are broadcast, polled and found', async () => {
      const tx = await running.sign([sendMessage(running.sender, RECEIVER, 5)]);
      const { status, body } = await included(rest, await broadcast(tx));
      expect(status).toBe(200);
      expect(body.tx_response).toMatchObject({
        code: 0,
        txhash: expect.stringMatching(/^[0-9A-F]{64}$/),
        timestamp: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        gas_wanted: '200000',
        gas_used: expect.stringMatching(/^[1-9]\d*$/),
        logs: [],
      });
      expect(body.tx_response.tx['@type']).toBe('/cosmos.tx.v1beta1.Tx');
      expect(body.tx.body).toMatchObject({
        messages: [
          {
            '@type': '/cosmos.bank.v1beta1.MsgSend',
            from_address: running.sender,
            to_address: RECEIVER,
            amount: [{ denom: 'usem', amount: '5' }],
          },
        ],
        memo: 'hello',
        timeout_height: '0',
      });
      expect(body.tx.auth_info.signer_infos[0]).toMatchObject({
        public_key: { '@type': '/cosmos.crypto.secp256k1.PubKey' },
        mode_info: { single: { mode: 'SIGN_MODE_DIRECT' } },
      });
      const events = body.tx_response.events.map(({ type }: { type: string }) => type);
      expect(events).toContain('transfer');
    });

    it('are searched by query or by events, page by page', async () => {
      const hashes: string[] = [];
      for (const amount of [1, 2, 3]) {
        const tx = await running.sign([sendMessage(running.sender, RECEIVER, amount)]);
        const { body } = await included(rest, await broadcast(tx));
        hashes.push(body.tx_response.txhash);
      }
      const search = async (parameters: Record<string, string>) => {
        const query = new URLSearchParams(parameters);
        const { body } = await get(`${rest}/cosmos/tx/v1beta1/txs?${query.toString()}`);
        return {
          total: Number(body.total),
          hashes: body.tx_responses?.map((tx: { txhash: string }) => tx.txhash),
        };
      };
      const query = `transfer.recipient='${RECEIVER}'`;
      const newest = await search({ query, order_by: 'ORDER_BY_DESC', limit: '2' });
      expect(newest.hashes).toEqual(hashes.slice(1).toReversed());
      expect(newest.total).toBeGreaterThanOrEqual(3);
      const second = await search({ query, order_by: '2', limit: '2', page: '2' });
      expect(second.hashes[0]).toBe(hashes[0]);
      const older = { events: query, order_by: 'ORDER_BY_DESC', 'pagination.limit': '1' };
      expect((await search({ ...older, 'pagination.offset': '1' })).hashes).toEqual([hashes[1]]);
      expect(await search({ query: "transfer.recipient='nobody'" })).toEqual({
        total: 0,
        hashes: [],
      });
      for (const bad of [{}, { query: 'nonsense' }, { query, page: '9999' }]) {
        const parameters = new URLSearchParams(bad as Record<string, string>);
        const { status } = await get(`${rest}/cosmos/tx/v1beta1/txs?${parameters.toString()}`);
        expect(status).toBe(400);
      }
    });

    it('come with their block', async () => {
      const tx = await running.sign([sendMessage(running.sender, RECEIVER, 5)]);
      const { body } = await included(rest, await broadcast(tx));
      const { height } = body.tx_response;
      const found = await get(`${rest}/cosmos/tx/v1beta1/txs/block/${height}`);
      expect(found.body.txs).toEqual([body.tx]);
      expect(found.body.block.header.height).toBe(height);
      // Before it stands what the validators added to their votes.
      expect(found.body.block.data.txs).toEqual([
        expect.stringMatching(/^AHNlbWJsYW5jZS/),
        base64(tx),
      ]);
      expect(found.body.pagination.total).toBe('1');
    });

    it('are not there before they are included', async () => {
      const { status, body } = await get(`${rest}/cosmos/tx/v1beta1/txs/${'AB'.repeat(32)}`);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 5 });
      const bad = await get(`${rest}/cosmos/tx/v1beta1/txs/nothing`);
      expect({ status: bad.status, code: bad.body.code }).toEqual({ status: 400, code: 3 });
    });

    it('are refused with the reason, by the application and by the pool', async () => {
      const tx = await running.sign([sendMessage(running.sender, RECEIVER, 5)]);
      const first = await broadcast(tx, 'BROADCAST_MODE_ASYNC');
      expect(first.body.tx_response.code).toBe(0);
      const again = await broadcast(tx);
      expect(again).toMatchObject({
        status: 200,
        body: {
          tx_response: { code: 19, codespace: 'sdk', txhash: first.body.tx_response.txhash },
        },
      });
      await included(rest, first);
      const replayed = Uint8Array.from([...tx, 0]);
      expect((await broadcast(replayed)).body.tx_response).toMatchObject({
        code: 2,
        codespace: 'sdk',
      });
      for (const mode of ['BROADCAST_MODE_BLOCK', 'BROADCAST_MODE_UNSPECIFIED']) {
        expect((await broadcast(tx, mode)).body.code).toBe(3);
      }
      expect((await broadcast(new Uint8Array())).body.code).toBe(3);
    });

    it('are simulated as Keplr does: without a key, with an empty or a zero signature', async () => {
      const { body: account } = await get(`${rest}/cosmos/auth/v1beta1/accounts/${running.sender}`);
      const tx = {
        body: {
          messages: [
            {
              '@type': '/cosmos.bank.v1beta1.MsgSend',
              from_address: running.sender,
              to_address: RECEIVER,
              amount: [{ denom: 'usem', amount: '5' }],
            },
          ],
          memo: '',
        },
        auth_info: {
          signer_infos: [
            {
              public_key: null,
              mode_info: { single: { mode: 'SIGN_MODE_UNSPECIFIED' } },
              sequence: account.account.sequence,
            },
          ],
          fee: { amount: [], gas_limit: '0', payer: '', granter: '' },
        },
        signatures: [Buffer.alloc(64).toString('base64')],
      };
      const encoded = await post(`${rest}/cosmos/tx/v1beta1/encode`, { tx });
      for (const body of [{ tx }, encoded.body, { tx: { ...tx, signatures: [''] } }]) {
        const { status, body: answer } = await post(`${rest}/cosmos/tx/v1beta1/simulate`, body);
        expect({ status, message: answer.message }).toEqual({ status: 200, message: undefined });
        expect(Number(answer.gas_info.gas_used)).toBeGreaterThan(1000);
        expect(answer.result.msg_responses).toEqual([
          { '@type': '/cosmos.bank.v1beta1.MsgSendResponse' },
        ]);
      }
      const decoded = await post(`${rest}/cosmos/tx/v1beta1/decode`, encoded.body);
      expect(decoded.body.tx.body.messages).toEqual(tx.body.messages);
    });

    it('tell why a simulation fails', async () => {
      const tx = await running.sign([sendMessage(running.sender, RECEIVER, 5_000_000_000)]);
      const { status, body } = await post(`${rest}/cosmos/tx/v1beta1/simulate`, {
        tx_bytes: base64(tx),
      });
      expect({ status, code: body.code }).toEqual({ status: 500, code: 2 });
      expect(body.message).toMatch(/insufficient funds/);
      const empty = await post(`${rest}/cosmos/tx/v1beta1/simulate`, {});
      expect({ status: empty.status, code: empty.body.code }).toEqual({ status: 400, code: 3 });
    });
  });

  it('serves our own module', async () => {
    const { body } = await get(`${rest}/semblance/ml/v1/params`);
    expect(body.params).toMatchObject({
      bond_denom: 'usem',
      jail_ms: '600000',
      max_pixels: 262144,
    });
    expect((await get(`${rest}/semblance/ml/v1/jobs?limit=3`)).body).toEqual({
      jobs: [],
      next: null,
    });
    const job = await get(`${rest}/semblance/ml/v1/jobs/${'ab'.repeat(32)}`);
    expect({ status: job.status, message: job.body.message }).toMatchObject({
      status: 404,
      message: expect.stringContaining('ab'.repeat(32)),
    });
  });

  describe('wrong use', () => {
    const refused = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${rest}${path}`, init);
      const { message: _, ...body } = (await response.json()) as Record<string, unknown>;
      return { status: response.status, ...body };
    };
    const invalid = { status: 400, code: 3, details: [] };

    it.each([
      ['broken percent-encoding', '/cosmos/bank/v1beta1/balances/%ff'],
      ['a number that is none', '/cosmos/bank/v1beta1/supply?pagination.limit=many'],
      ['a number out of range', '/cosmos/bank/v1beta1/supply?pagination.limit=-1'],
      ['base64 that is none', '/cosmos/bank/v1beta1/supply?pagination.key=*'],
      ['a value given twice', '/cosmos/bank/v1beta1/supply?pagination.limit=1&pagination.limit=2'],
      ['more parameters than any method has', `/cosmos/bank/v1beta1/supply?${'a=1&'.repeat(99)}`],
    ])('refuses %s', async (_what, path) => {
      expect(await refused(path)).toEqual(invalid);
    });

    it.each([
      ['JSON that is none', '{'],
      ['JSON nested too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['fields that are none', '{"tx":{"nothing":1}}'],
      ['an Any of unknown type', '{"tx":{"body":{"messages":[{"@type":"/none.Msg"}]}}}'],
      ['a body longer than any transaction', ' '.repeat(3 * 1024 * 1024)],
    ])('refuses %s', async (_what, body) => {
      expect(await refused('/cosmos/tx/v1beta1/simulate', { method: 'POST', body })).toEqual(
        invalid,
      );
    });
  });

  it('lets any page ask', async () => {
    const { status, headers } = await fetch(`${rest}/cosmos/tx/v1beta1/txs`, { method: 'OPTIONS' });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toMatch(/content-type/i);
  });

  it('describes itself', async () => {
    const { body, headers } = await get(`${rest}/openapi.json`);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(body.openapi).toBe('3.1.0');
    const paths = Object.entries<{ get?: { parameters: { name: string }[] } }>(body.paths);
    expect(paths.length).toBeGreaterThan(20);
    // None that it lists is one that it does not have, whatever is asked of it.
    for (const [template, { get: operation }] of paths) {
      if (operation === undefined) continue;
      const { status } = await get(`${rest}${template.replaceAll(/\{[^}]+\}/g, '1')}`);
      expect({ template, status }).not.toMatchObject({ status: 501 });
    }
  });
});
