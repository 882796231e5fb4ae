import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { semblance } from '../../../test/e2e/semblance.ts';

/* A user's mistake: one line that names it, an exit code that means something, no stack trace. */

const home = mkdtempSync(join(tmpdir(), 'semblance-cli-'));
afterAll(() => rmSync(home, { recursive: true }));

const text = join(home, 'text.png');
writeFileSync(text, 'not a picture');
const foreign = join(home, 'foreign.json');
writeFileSync(foreign, '{"format":"other"}');
/** A network that does not run. */
const still = join(home, 'still');
await semblance('network', 'init', '--home', still, '--validators', '1', '--nodes', '1');
const away = ['--url', 'http://127.0.0.1:9'];

const RPC = 'http://127.0.0.1:9';
const HASH = 'A1'.repeat(32);
const joining = ['validator', 'init', '--home', join(home, 'newcomer')];
const newcomer = (...rpcs: readonly string[]) => [...joining, '--state-sync', ...rpcs];
const trusting = (block: string) => [...joining, '--trust', block];
const snapshots = (every: string) => [
  ...['validator', 'start', '--home', home],
  ...['--snapshot-every', every],
];

const MISTAKES: readonly [string, readonly string[], RegExp, number][] = [
  ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/, 2],
  ['a mistyped command', ['generat', 'x'], /Did you mean generate\?/, 2],
  ['an unknown option', ['nodes', '--bogus'], /unknown option '--bogus'/, 2],
  ['no prompt', ['generate'], /missing required argument 'prompt'/, 2],
  ['steps that are no number', ['generate', 'x', '--steps', 'many'], /--steps .* not a number/, 2],
  ['no picture to edit', ['edit', join(home, 'nofile.png'), 'x'], /nofile\.png: no such file/, 4],
  ['no mask', ['edit', text, 'x', '--mask', join(home, 'no.png')], /no\.png: no such file/, 4],
  ['a folder to enlarge', ['upscale', home], /unreadable/, 4],
  ['a folder to write to', ['generate', 'x', '--out', home], /--out: cannot write/, 2],
  ['no network', ['generate', 'x', ...away], /nothing answers at http:\/\/127.0.0.1:9/, 4],
  ['an address that is none', ['nodes', '--url', 'nonsense'], /nothing answers at nonsense/, 4],
  ['a missing file', ['hash', join(home, 'nofile.png')], /nofile\.png: no such file/, 4],
  ['a file that is no image', ['hash', text], /text\.png: not a readable image/, 2],
  ['hashes of unlike length', ['distance', 'f'.repeat(16), 'f'.repeat(14)], /^semblance: b: /, 2],
  ['a model that is not there', ['up', '--home', home, '--model', 'x'], /--model: not one of/, 2],
  ['a port that is none', ['up', '--home', home, '--port', '70000'], /--port: not a port/, 2],
  ['no accounts', ['keys', 'list', '--home', join(home, 'none')], /--home: no network in/, 4],
  ['an amount that is none', ['keys', 'fund', 'x', '0', '--home', home], /sem: not an amount/, 2],
  ['a result that is not there', ['study', 'report', join(home, 'none')], /none: no such file/, 4],
  ['a result that never ends', ['study', 'report', '/dev/zero'], /zero: unreadable, not a file/, 4],
  ['a result that is none', ['study', 'report', text], /text\.png: not JSON/, 2],
  ['a result of another kind', ['study', 'report', foreign], /not a study's result/, 2],
  ['a limit out of range', ['jobs', '--limit', '0', ...away], /--limit: from 1 to 100/, 2],
  ['a network that is none', ['network', 'start', '--home', home], /--home: no network in/, 2],
  ['a full folder', ['network', 'init', '--home', home], /--home: .* is not empty/, 2],
  [
    'a host twice',
    ['network', 'init', '--home', join(home, 'net'), '--host', 'a', 'b', 'a'],
    /--host: a is there twice/,
    2,
  ],
  [
    'no validators',
    ['network', 'init', '--home', join(home, 'net'), '--validators', '0'],
    /--validators .* from 1 to 100/,
    2,
  ],
  ['one RPC', newcomer(RPC), /--state-sync: name two different RPCs or more/, 2],
  ['an RPC twice', newcomer(RPC, 'tcp://127.0.0.1:9/'), /--state-sync: name two different/, 2],
  ['an RPC that is none', newcomer(RPC, 'nonsense'), /--state-sync .*'nonsense' is invalid/, 2],
  ['RPCs in one word', newcomer('http://a:1,http://b:1'), /--state-sync .* is invalid/, 2],
  ['no RPC', newcomer(), /'--state-sync <url\.\.\.>' argument missing/, 2],
  ['RPCs that do not answer', newcomer(RPC, 'http://[::1]:9'), /--state-sync: no answer from/, 4],
  ['trust in a word', trusting('yes'), /--trust .*'yes' is invalid. Not a height and a block's/, 2],
  ['trust in height 0', trusting(`0:${HASH}`), /--trust .* Not a height and a block's hash/, 2],
  ['trust in a cut hash', trusting(`9:${HASH.slice(1)}`), /--trust .* Not a height and a block/, 2],
  ['trust in an endless height', trusting(`${'9'.repeat(16)}:${HASH}`), /--trust .* is invalid/, 2],
  ['trust with no RPC', trusting(`9:${HASH}`), /--trust: needs --state-sync too/, 2],
  ['snapshots at no block', snapshots('0'), /--snapshot-every .*'0' is invalid/, 2],
  ['snapshots between saves', snapshots('150'), /--snapshot-every .* Not a multiple of 100/, 2],
  ['snapshots backwards', snapshots('-100'), /--snapshot-every .* Not a multiple of 100/, 2],
  ['snapshots at a word', snapshots('often'), /--snapshot-every .* Not a multiple of 100/, 2],
  ['snapshots at a fraction', snapshots('1e3'), /--snapshot-every .* Not a multiple of 100/, 2],
  ['snapshots never', snapshots(`${'9'.repeat(20)}00`), /--snapshot-every .* is invalid/, 2],
  [
    'an addition to no network',
    ['network', 'add', 'node', '--home', home],
    /--home: no network/,
    2,
  ],
  [
    'a validator more of a network that stands',
    ['network', 'add', 'validator', '--home', still],
    /--home: no validator of .*still is running; first: network start/,
    4,
  ],
  [
    'a node more of a network that stands',
    ['network', 'add', 'node', '--home', still],
    /--home: no validator of .*still is running; first: network start/,
    4,
  ],
  [
    'a node less of a network that stands',
    ['network', 'remove', 'node', 'node-1', '--home', still],
    /--home: no validator of .*still is running; first: network start/,
    4,
  ],
  [
    'a name that leads elsewhere',
    ['network', 'add', 'validator', '../x', '--home', still],
    /name: not 1 to 40 small letters/,
    2,
  ],
  [
    'a stake of nothing',
    ['network', 'add', 'validator', '--stake', '0', '--home', still],
    /--stake .* whole number of SEM from 1/,
    2,
  ],
  [
    'a profile that is none',
    ['network', 'add', 'node', '--profile', 'quantum', '--home', still],
    /--profile .* native-f32/,
    2,
  ],
  [
    'a validator less that is not there',
    ['network', 'remove', 'validator', 'validator-9', '--home', still],
    /no validator validator-9 on this host; there are: validator-1/,
    2,
  ],
  [
    'the last validator less',
    ['network', 'remove', 'validator', 'validator-1', '--home', still],
    /validator-1 is the last one on this host/,
    2,
  ],
  [
    'a node less that is not there',
    ['network', 'remove', 'node', 'validator-1', '--home', still],
    /no node validator-1 on this host; there are: node-1/,
    2,
  ],
  ['nobody less', ['network', 'remove', 'node', '--home', still], /missing .* 'name'/, 2],
  ['a validator without genesis', ['validator', 'start', '--home', home], /--home: no genesis/, 2],
];

describe.each(MISTAKES)('%s', (_, args, message, exitCode) => {
  test('is told in one line', async () => {
    const { code, stderr } = await semblance(...args);
    expect(stderr).toMatch(/^semblance: [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(code).toBe(exitCode);
  });
});

test('with --json a mistake is one JSON object on standard output', async () => {
  const { code, stdout, stderr } = await semblance('generate', '--json');
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'USAGE', message: "missing required argument 'prompt'; see --help" },
  });
  expect(stderr).toBe('');
  expect(code).toBe(2);
});

test('a port in use is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await semblance('up', '--home', home, '--port', String(port));
  server.close();
  expect(stderr).toBe(`semblance: --port: ${port} is in use\n`);
  expect(code).toBe(2);
});

describe('an RPC for state sync that answers otherwise than CometBFT', () => {
  const status = (earliest: unknown) => ({
    sync_info: { earliest_block_height: earliest, latest_block_height: '5' },
  });
  const commit = (chain_id: unknown, hash: unknown) => ({
    signed_header: { header: { chain_id }, commit: { block_id: { hash } } },
  });
  const good = { status: status('1'), commit: commit('chain-1', HASH) };
  const cases: readonly (readonly [string, Answers, RegExp, number])[] = [
    ['with an error', {}, /: no answer from http/, 4],
    ['with nothing', { ...good, status: null }, /answers, but not as CometBFT's RPC/, 1],
    ['with no heights', { ...good, status: {} }, /answers, but not as CometBFT's RPC/, 1],
    ['with a height that is none', { ...good, status: status('-1') }, /answers, but not as/, 1],
    ['with no block', { ...good, commit: { signed_header: null } }, /answers, but not as/, 1],
    ['with no hash', { ...good, commit: commit('chain-1', 'abc') }, /answers, but not as/, 1],
    ['with another block', { ...good, commit: commit('chain-1', 'B2'.repeat(32)) }, /different/, 1],
  ];

  test.each(cases)('%s', async (_, answers, message, exitCode) => {
    const { code, stdout, stderr } = await semblance(
      ...newcomer(await serveRpc(good), await serveRpc(answers)),
    );
    expect(stderr).toMatch(/^semblance: --state-sync: [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(existsSync(join(home, 'newcomer'))).toBe(false);
  });
});

type Answers = Readonly<Record<string, unknown>>;

/** Answers a method with its result, and any other with an error. Resolves with its URL. */
async function serveRpc(answers: Answers): Promise<string> {
  const server = createHttpServer((request, response) => {
    void json(request).then((call) => {
      const { id, method } = call as { id: number; method: string };
      const answer = method in answers ? { result: answers[method] } : { error: { code: -32601 } };
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const HELPFUL = ['validator start', 'network add validator', 'network remove node'];

test.each(HELPFUL)('%s explains itself', async (command) => {
  const { code, stdout, stderr } = await semblance(...command.split(' '), '--help');
  expect(stdout).toMatch(`Usage: semblance ${command}`);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

test('a network that stands is as it was after all of these', async () => {
  const plan = JSON.parse(readFileSync(join(still, 'network.json'), 'utf8'));
  const names = [...plan.validators, ...plan.nodes].map(({ name }) => name);
  expect(names).toEqual(['validator-1', 'node-1']);
  expect(readdirSync(join(still, 'keys')).sort()).toEqual([
    'gateway.json',
    'node-1.json',
    'validator-1.json',
  ]);
});
