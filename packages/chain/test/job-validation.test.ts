import { toBinary } from '@bufbuild/protobuf';
import { concat } from '@semblance/core/bytes';
import { MsgSubmitJobSchema } from '@semblance/proto/ml';
import { beforeAll, describe, expect, test } from 'vitest';
import { startChain, type TestChain } from './support/chain.ts';
import {
  encode,
  FUNDED,
  mlGenesis,
  NODES,
  REQUESTER,
  request,
  submitMessage,
} from './support/ml.ts';
import { type Wallet, wallet } from './support/wallet.ts';

let chain: TestChain;
beforeAll(() => {
  chain = startChain({ balances: [...FUNDED, { of: poor, usem: 20_000n }], ml: mlGenesis() });
});
const poor = wallet('poor');

type Fields = Parameters<typeof request>[0];
type Task = Parameters<typeof request>[1];

const submit = (fields: Fields, task: Task = {}, from = REQUESTER) =>
  chain.deliver(from, [submitMessage(request({ requester: from.address, ...fields }, task))]);

describe('a request is refused with the name of its field', () => {
  const INVALID = 2;
  const wrongTasks: [name: string, task: Task, log: RegExp][] = [
    ['no prompt', { prompt: '' }, /^prompt: empty/],
    ['a blank prompt', { prompt: ' \n\t ' }, /^prompt: empty/],
    ['a long prompt', { prompt: 'x'.repeat(2049) }, /^prompt: 2049 bytes, at most 2048/],
    ['a prompt long in bytes only', { prompt: '🍎'.repeat(513) }, /^prompt: 2052 bytes/],
    ['control characters', { prompt: 'a\u0000b' }, /^prompt: has control characters/],
    ['an escape sequence', { prompt: 'a\u001b[31m' }, /^prompt: has control characters/],
    ['C1 controls', { prompt: 'a\u009b31m' }, /^prompt: has control characters/],
    ['a long negative prompt', { negativePrompt: 'x'.repeat(2049) }, /^negative_prompt: /],
    ['controls in the negative prompt', { negativePrompt: '\u0007' }, /^negative_prompt: /],
    ['no steps', { steps: 0 }, /^steps: zero/],
    ['too many steps', { steps: 51 }, /^steps: above 50/],
    ['no width', { width: 0 }, /^width: zero/],
    ['no height', { height: 0 }, /^height: zero/],
    ['a width off the grid', { width: 66 }, /^width: not a multiple of 4/],
    ['a height off the grid', { height: 33 }, /^height: not a multiple of 4/],
    ['a small width', { width: 28 }, /^width: not from 32 to 128/],
    ['a great height', { height: 132 }, /^height: not from 32 to 128/],
    ['too many pixels', { width: 4_294_967_292, height: 4_294_967_292 }, /^width: times height/],
    ['much guidance', { guidanceMilli: 30_001 }, /^guidance_milli: above 30000/],
    ['an unknown scheduler', { scheduler: 'plms' }, /^scheduler: not among ddim, euler, unipc/],
    ['no scheduler', { scheduler: '' }, /^scheduler: /],
  ];
  test.each(wrongTasks)('%s', (_, task, log) => {
    expect(submit({}, task)).toMatchObject({
      codespace: 'ml',
      code: INVALID,
      log: expect.stringMatching(log) as string,
    });
  });

  const wrongFields: [name: string, fields: Fields, code: number, log: RegExp][] = [
    ['an unknown model', { model: 'other' }, 4, /^model: no model other/],
    ['a model id out of its alphabet', { model: 'a b' }, INVALID, /^model: /],
    ['no model', { model: '' }, INVALID, /^model: /],
    ['no committee', { committeeSize: 0 }, INVALID, /^committee_size: /],
    ['an even committee', { committeeSize: 2 }, INVALID, /^committee_size: not odd/],
    ['a committee of nine', { committeeSize: 9 }, INVALID, /^committee_size: /],
    ['a size that the model has not', { committeeSize: 7 }, INVALID, /^committee_size: not among/],
    ['a fee below the minimum', { fee: '999' }, 11, /^fee: 999, at least 1000/],
    ['a fee that is no number', { fee: '1e6' }, INVALID, /^fee: /],
    ['a negative fee', { fee: '-1000' }, INVALID, /^fee: /],
    ['a padded fee', { fee: '010000' }, INVALID, /^fee: /],
    ['no fee', { fee: '' }, INVALID, /^fee: /],
    ['an endless fee', { fee: '9'.repeat(40) }, INVALID, /^fee: /],
    ['a short deadline', { deadlineMs: 4999n }, INVALID, /^deadline_ms: /],
    ['a long deadline', { deadlineMs: 3_600_001n }, INVALID, /^deadline_ms: /],
    ['no task', { task: { case: undefined } }, INVALID, /^task: missing/],
  ];
  test.each(wrongFields)('%s', (_, fields, code, log) => {
    expect(submit(fields)).toMatchObject({
      codespace: 'ml',
      code,
      log: expect.stringMatching(log) as string,
    });
  });

  test('no request, and one for somebody else', () => {
    const empty = chain.tx(REQUESTER, [encode(MsgSubmitJobSchema, {})]);
    expect(chain.app.checkTx(empty)).toMatchObject({ codespace: 'ml', code: INVALID });
    const other = chain.tx(NODES[5] as Wallet, [
      submitMessage(request({ requester: poor.address })),
    ]);
    expect(chain.app.checkTx(other)).toMatchObject({ codespace: 'sdk', code: 8 });
  });

  test('money that is not there', () => {
    const result = submit({ fee: '15000' }, {}, poor);
    expect(result).toMatchObject({ codespace: 'sdk', code: 5 });
  });

  test('text that is not UTF-8, a field number of no field, a wrong wire type', () => {
    const message = request();
    const bytes = toBinary(MsgSubmitJobSchema, {
      $typeName: MsgSubmitJobSchema.typeName,
      request: message,
      inputs: [],
    });
    const at = bytes.indexOf('r'.charCodeAt(0), bytes.length - 80);
    for (const byte of [0xff, 0xc0, 0xed]) {
      const broken = bytes.slice();
      broken[at] = byte;
      expect(deliverBytes(broken)).toMatchObject({ codespace: 'sdk', code: 2 });
    }
    const unknown = Uint8Array.of(0xf8, 0x07, 0x01);
    expect(deliverBytes(concat(bytes, unknown))).toMatchObject({ codespace: 'sdk', code: 2 });
    expect(deliverBytes(concat(bytes, bytes))).toMatchObject({ codespace: 'sdk', code: 2 });
  });

  const deliverBytes = (value: Uint8Array) =>
    chain.app.checkTx(chain.tx(REQUESTER, [{ typeUrl: '/semblance.ml.v1.MsgSubmitJob', value }]));
});

test('what is just within the bounds is taken', () => {
  const results = [
    submit({ nonce: 1n }, { prompt: 'x'.repeat(2048), negativePrompt: 'y'.repeat(2048) }),
    submit({ nonce: 2n }, { seed: 2n ** 64n - 1n, guidanceMilli: 30_000, steps: 50 }),
    submit({ nonce: 2n ** 64n - 1n }, { width: 32, height: 128, guidanceMilli: 0, seed: 0n }),
    submit({ nonce: 3n, deadlineMs: 3_600_000n, fee: '1000', committeeSize: 5 }),
    submit({ nonce: 4n }, { prompt: 'two lines\nand a\ttab, ü 🍎' }),
  ];
  expect(results.map(({ log }) => log)).toEqual(['', '', '', '', '']);
});

test('the same request twice is one job; another nonce makes another', () => {
  expect(submit({ nonce: 77n }).code).toBe(0);
  expect(submit({ nonce: 77n })).toMatchObject({ codespace: 'ml', code: 7 });
  expect(submit({ nonce: 78n }).code).toBe(0);
});

test('neither a node of the requester nor two of one operator are drawn', () => {
  const [own, ...rest] = mlGenesis().nodes as { operator: string }[];
  const shared = rest.map((node) => ({ ...node, operator: wallet('operator 1').address }));
  const chain = startChain({
    balances: FUNDED,
    ml: { ...mlGenesis(), nodes: [{ ...own, operator: REQUESTER.address }, ...shared] as never },
  });
  const job = (committeeSize: number) => submitMessage(request({ committeeSize }));
  const drawn = (committeeSize: number) => {
    expect(chain.block([chain.tx(REQUESTER, [job(committeeSize)])]).awaitsNext).toBe(true);
    return chain.block([]).events.map(({ type }) => type);
  };
  expect(drawn(3)).toContain('job_settled');
  expect(drawn(1)).toContain('job_assigned');
  expect(NODES).toHaveLength(6);
});
