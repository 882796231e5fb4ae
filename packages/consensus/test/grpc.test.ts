import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { queryObjects } from 'node:v8';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-node';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Query } from '@semblance/proto/gen/cosmos/bank/v1beta1/query_pb';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LIMITS } from '../src/api/limits.ts';
import { type ApiChain, CHAIN_ID, sendMessage, startApiChain } from './fixtures/api.ts';

/* gRPC's own client for Node, which reads the .proto files by itself, against the gRPC port. */

const proto = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const DEFINITIONS = loadSync(
  [
    'cosmos/bank/v1beta1/query.proto',
    'cosmos/auth/v1beta1/query.proto',
    'cosmos/base/tendermint/v1beta1/query.proto',
    'cosmos/staking/v1beta1/query.proto',
    'cosmos/tx/v1beta1/service.proto',
    'grpc/reflection/v1/reflection.proto',
    'semblance/ml/v1/query.proto',
  ],
  {
    includeDirs: [proto('proto'), proto('third_party/proto')],
    longs: String,
    keepCase: true,
    defaults: true,
  },
);
const RECEIVER = 'sem1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5hdndac';

let running: ApiChain;
beforeAll(async () => {
  running = await startApiChain('in this process');
  return () => running.stop();
});

interface Asked {
  // biome-ignore lint/suspicious/noExplicitAny: whatever the .proto says
  readonly answer: any;
  readonly height: string;
}

/** Rejects with a `grpc.ServiceError`. */
function ask(method: string, request: object, headers: Record<string, string> = {}) {
  const [service = '', name = ''] = method.split('/');
  const Client = grpc.makeClientConstructor(DEFINITIONS[service] as grpc.ServiceDefinition, '');
  const target = new URL(running.api.grpcUrl).host;
  const client = new Client(target, grpc.credentials.createInsecure());
  const { promise, resolve, reject } = Promise.withResolvers<Asked>();
  let height = '';
  client[name]
    ?.call(
      client,
      request,
      toMetadata(headers),
      (error: grpc.ServiceError | null, answer: object) =>
        error === null ? resolve({ answer, height }) : reject(error),
    )
    .on('metadata', (metadata: grpc.Metadata) => {
      height = String(metadata.get('x-cosmos-block-height')[0] ?? '');
    });
  return promise.finally(() => client.close());
}

function toMetadata(headers: Record<string, string>): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

describe('grpc-js', () => {
  const balance = (headers?: Record<string, string>) =>
    ask('cosmos.bank.v1beta1.Query/Balance', { address: running.sender, denom: 'usem' }, headers);

  it('asks for state, and learns of which height it is', async () => {
    const { answer, height } = await balance();
    expect(answer.balance).toEqual({ denom: 'usem', amount: expect.stringMatching(/^\d+$/) });
    expect(height).toMatch(/^[1-9]\d*$/);
    expect((await balance({ 'x-cosmos-block-height': height })).height).toBe(height);
    await expect(balance({ 'x-cosmos-block-height': '7777777' })).rejects.toMatchObject({
      code: grpc.status.INVALID_ARGUMENT,
    });
  });

  it('asks the engine and our own module', async () => {
    const info = await ask('cosmos.base.tendermint.v1beta1.Service/GetNodeInfo', {});
    expect(info.answer.default_node_info.network).toBe(CHAIN_ID);
    const params = await ask('semblance.ml.v1.Query/Params', {});
    expect(params.answer.params.bond_denom).toBe('usem');
  });

  it('sends a transaction and finds it', async () => {
    const service = 'cosmos.tx.v1beta1.Service';
    const tx_bytes = await running.sign([sendMessage(running.sender, RECEIVER, 5)]);
    const simulated = await ask(`${service}/Simulate`, { tx_bytes });
    expect(Number(simulated.answer.gas_info.gas_used)).toBeGreaterThan(1000);
    const sent = await ask(`${service}/BroadcastTx`, { tx_bytes, mode: 'BROADCAST_MODE_SYNC' });
    const { txhash: hash, code } = sent.answer.tx_response;
    expect(code).toBe(0);
    const found = await included(`${service}/GetTx`, { hash });
    expect(found.answer.tx_response).toMatchObject({ code: 0, txhash: hash });
    expect(found.answer.tx.body.memo).toBe('hello');
  });

  /** Asks again until a transaction is in a block. */
  async function included(method: string, request: object): Promise<Asked> {
    for (;;) {
      const found = await ask(method, request).catch((error: grpc.ServiceError) => error);
      if (!(found instanceof Error)) return found;
      expect(found.code).toBe(grpc.status.NOT_FOUND);
    }
  }

  it('is refused with the status that says why', async () => {
    const account = 'cosmos.auth.v1beta1.Query/Account';
    const address = 'sem1fa857n60fa857n60fa857n60fa857n604jpp6n';
    const { INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED } = grpc.status;
    for (const [method, request, code] of [
      [account, { address: 'nobody' }, INVALID_ARGUMENT],
      [account, { address }, NOT_FOUND],
      [account, { address: 'x'.repeat(3 * 1024 * 1024) }, RESOURCE_EXHAUSTED],
      ['cosmos.bank.v1beta1.Query/DenomOwners', {}, UNIMPLEMENTED],
    ] as const) {
      await expect(ask(method, request)).rejects.toMatchObject({ code });
    }
  });
});

describe('reflection', () => {
  it('lists the services, and gives a file by its name or by what is in it', async () => {
    const [services, byName, bySymbol, missing] = await reflect([
      { list_services: '' },
      { file_by_filename: 'cosmos/bank/v1beta1/query.proto' },
      { file_containing_symbol: 'cosmos.bank.v1beta1.Query.Balance' },
      { file_containing_symbol: 'cosmos.nothing.Query' },
    ]);
    const names = services?.list_services_response.service.map(
      ({ name }: { name: string }) => name,
    );
    expect(names).toContain('cosmos.bank.v1beta1.Query');
    expect(names).toContain('semblance.ml.v1.Query');
    const [file] = byName?.file_descriptor_response.file_descriptor_proto ?? [];
    expect(fromBinary(FileDescriptorProtoSchema, file)).toMatchObject({
      name: 'cosmos/bank/v1beta1/query.proto',
      service: [{ name: 'Query' }],
    });
    expect(bySymbol?.file_descriptor_response).toEqual(byName?.file_descriptor_response);
    expect(missing?.error_response.error_code).toBe(grpc.status.NOT_FOUND);
  });

  // biome-ignore lint/suspicious/noExplicitAny: whatever the .proto says
  async function reflect(requests: readonly object[]): Promise<any[]> {
    const definition = DEFINITIONS['grpc.reflection.v1.ServerReflection'];
    const Client = grpc.makeClientConstructor(definition as grpc.ServiceDefinition, '');
    const target = new URL(running.api.grpcUrl).host;
    const client = new Client(target, grpc.credentials.createInsecure());
    const stream: grpc.ClientDuplexStream<object, object> = client.ServerReflectionInfo?.();
    for (const request of requests) stream.write(request);
    stream.end();
    const answers: object[] = [];
    for await (const answer of stream) answers.push(answer);
    client.close();
    return answers;
  }
});

describe('a request that is answered before it has ended', () => {
  const BALANCE = '/cosmos.bank.v1beta1.Query/Balance';
  const tooLong = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);

  it.each([
    ['refused for its length', BALANCE, tooLong, grpc.status.RESOURCE_EXHAUSTED],
    ['of no known method', '/cosmos.nothing.Query/Get', tooLong, grpc.status.UNIMPLEMENTED],
    [
      'refused with more of its body behind',
      BALANCE,
      Buffer.concat([tooLong, Buffer.alloc(60_000)]),
      grpc.status.RESOURCE_EXHAUSTED,
    ],
  ])('%s, has its status and then no stream any more', async (_, path, body, status) => {
    const session = connect(running.api.grpcUrl);
    onTestFinished(() => session.destroy());
    // If they stayed, there would be no stream for the last ones.
    for (let sent = 0; sent < LIMITS.streamsPerSession + 10; sent++) {
      expect(await unended(session, path, body)).toEqual({ status: String(status), code: 0 });
    }
  });

  /** The status of a request that does not end, and the code by which its stream is closed. */
  async function unended(session: ClientHttp2Session, path: string, body: Buffer) {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let status: unknown;
    stream.on('response', (headers) => (status ??= headers['grpc-status']));
    stream.on('trailers', (headers) => (status ??= headers['grpc-status']));
    stream.resume().write(body);
    await once(stream, 'close');
    return { status, code: stream.rstCode };
  }
});

it('holds no session that is over', async () => {
  const Session = await classOfSessions();
  const before = queryObjects(Session, { format: 'count' });
  for (let n = 0; n < 50; n++) {
    const session = connect(running.api.grpcUrl);
    await once(session, 'connect');
    session.destroy();
    await once(session, 'close');
  }
  await expect.poll(() => queryObjects(Session, { format: 'count' })).toBeLessThan(before + 10);
});

/** Node's own, which it does not export. */
async function classOfSessions(): Promise<new () => object> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => client.destroy());
  const [session] = await once(server, 'session');
  return session.constructor;
}

it('serves gRPC-web where REST is', async () => {
  const transport = createGrpcWebTransport({ baseUrl: running.api.restUrl, httpVersion: '1.1' });
  const bank = createClient(Query, transport);
  const { balance } = await bank.balance({ address: running.sender, denom: 'usem' });
  expect(balance?.denom).toBe('usem');
});
