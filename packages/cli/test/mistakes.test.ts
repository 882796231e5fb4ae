import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
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
