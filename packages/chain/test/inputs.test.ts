import { deflateSync } from 'node:zlib';
import { sha256 } from '@semblance/core/sha256';
import { type Member, Standing, Verdict } from '@semblance/proto/ml';
import { beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../src/invariants.ts';
import { startChain, type TestChain } from './support/chain.ts';
import {
  FILE_MODES,
  FUNDED,
  fileRequest,
  filesOf,
  idOf,
  mlGenesis,
  NODES,
  queryInputs,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from './support/ml.ts';
import { maskPicture, otherPicture, picture, pngOf } from './support/png.ts';
import type { Wallet } from './support/wallet.ts';

/* Jobs that begin from files: which of them are taken, how long they are kept, what comes of them. */

let chain: TestChain;
beforeEach(() => {
  chain = startChain({ balances: FUNDED, ml: mlGenesis() });
});

type Mode = (typeof FILE_MODES)[number];

const submit = (mode: Mode, files: readonly Uint8Array[], wrong: Record<string, unknown> = {}) =>
  chain.deliver(REQUESTER, [submitMessage(fileRequest(mode, files, wrong), files)]);

/** Lets the whole committee answer with one file. */
function answer(id: Uint8Array, file: Uint8Array): void {
  const works = queryJob(chain.app, id).members.map(({ node }: Member) => {
    const wallet = NODES.find(({ address }) => address === node) as Wallet;
    return [wallet, workOf(wallet, id, file)] as const;
  });
  chain.block(works.map(([node, { commit }]) => chain.tx(node, [commit])));
  chain.block(works.map(([node, { reveal }]) => chain.tx(node, [reveal()])));
}

describe('a job that begins from files', () => {
  test.each(FILE_MODES)('%s: the files are there until it settles, and it is paid', (mode) => {
    const files = filesOf(mode);
    const job = fileRequest(mode);
    expect(chain.deliver(REQUESTER, [submitMessage(job, files)]).log).toBe('');
    const id = idOf(job);
    expect(queryInputs(chain.app, id)).toEqual(files);
    expect(brokenInvariants(chain.store)).toEqual([]);
    answer(id, mode === 'upscale' ? picture(0, 128) : picture());
    const { verdict, members } = queryJob(chain.app, id);
    expect(verdict).toBe(Verdict.AGREED);
    expect(members.map(({ standing }) => standing)).toEqual(Array(3).fill(Standing.MAJORITY));
    expect(queryInputs(chain.app, id)).toEqual([]);
    expect(brokenInvariants(chain.store)).toEqual([]);
  });

  test('an enlarged picture that is not twice as large is a fault', () => {
    const job = fileRequest('upscale');
    chain.deliver(REQUESTER, [submitMessage(job, filesOf('upscale'))]);
    answer(idOf(job), picture());
    const { members } = queryJob(chain.app, idOf(job));
    expect(members.map(({ fault }) => fault)).toEqual(
      Array(3).fill('file: not of the requested size'),
    );
  });

  test('the files are let go when nobody answers', () => {
    const job = fileRequest('inpaint');
    chain.deliver(REQUESTER, [submitMessage(job, filesOf('inpaint'))]);
    chain.block([], 60_000n);
    expect(queryJob(chain.app, idOf(job)).verdict).toBe(Verdict.LATE);
    expect(queryInputs(chain.app, idOf(job))).toEqual([]);
  });

  test('they are found by their hashes in the block that brought them', () => {
    const { events } = submit('inpaint', filesOf('inpaint'));
    const submitted = events.find(({ type }) => type === 'job_submitted');
    const named = submitted?.attributes.filter(({ key }) => key === 'input_sha256');
    expect(named?.map(({ value }) => value)).toEqual(
      filesOf('inpaint').map((file) => Buffer.from(sha256(file)).toString('hex')),
    );
  });

  test('bytes are paid for', () => {
    const without = chain.deliver(REQUESTER, [submitMessage(request())]).gasUsed;
    const { gasUsed } = submit('inpaint', filesOf('inpaint'));
    const bytes = filesOf('inpaint').reduce((sum, { length }) => sum + length, 0);
    expect(gasUsed - without).toBeGreaterThan(2n * 20_000n + 3n * BigInt(bytes));
  });
});

describe('files are refused with the name of the input', () => {
  const bomb = pngOf(64, 64, deflateSync(new Uint8Array(50_000_000)));
  const wrong: [name: string, mode: Mode, files: Uint8Array[], log: RegExp][] = [
    ['none', 'upscale', [], /^inputs: 0 files, the task names 1/],
    ['a mask that is missing', 'inpaint', [picture()], /^inputs: 1 files, the task names 2/],
    ['one too many', 'control', [picture(), picture()], /^inputs: 2 files, the task names 1/],
    ['too many bytes', 'upscale', [new Uint8Array(524_289)], /^inputs: 524289 bytes together/],
    ['nothing', 'upscale', [new Uint8Array()], /^image: PNG: no whole signature/],
    ['no PNG', 'upscale', [new Uint8Array(99)], /^image: PNG: not a PNG file/],
    ['a picture cut short', 'imageToImage', [picture().slice(0, 90)], /^image: PNG: /],
    ['a bomb', 'upscale', [bomb], /^image: PNG: /],
    ['a small picture', 'control', [picture(0, 32)], /^image: 32x32 pixels, not 64x64/],
    ['a large picture', 'upscale', [picture(0, 128)], /^image: PNG: 128 x 128, more than 4096/],
    ['a small mask', 'inpaint', [picture(), maskPicture(32)], /^mask: 32x32 pixels, not 64x64/],
    ['a see-through picture', 'upscale', [seeThrough()], /^image: has an alpha channel/],
  ];
  test.each(wrong)('%s', (_, mode, files, log) => {
    const result = submit(mode, files);
    expect(result).toMatchObject({ codespace: 'ml', code: 2, log: expect.stringMatching(log) });
  });

  test('another file than the one that was signed for', () => {
    const result = chain.deliver(REQUESTER, [
      submitMessage(fileRequest('inpaint'), [otherPicture(), maskPicture()]),
    ]);
    expect(result.log).toMatch(/^image_sha256: not the hash of inputs\[0\]/);
    const swapped = chain.deliver(REQUESTER, [
      submitMessage(fileRequest('inpaint'), [picture(), picture()]),
    ]);
    expect(swapped.log).toMatch(/^mask_sha256: not the hash of inputs\[1\]/);
  });
});

describe('a task is refused with the name of its field', () => {
  const wrong: [name: string, mode: Mode, fields: Record<string, unknown>, log: RegExp][] = [
    ['no strength', 'imageToImage', { strengthMilli: 0 }, /^strength_milli: not from 1 to 1000/],
    ['much strength', 'inpaint', { strengthMilli: 1001 }, /^strength_milli: not from 1 to 1000/],
    ['no step left', 'imageToImage', { strengthMilli: 49 }, /^strength_milli: leaves none of 20/],
    ['much control', 'control', { conditioningScaleMilli: 2001 }, /^conditioning_scale_milli: /],
    ['no words', 'inpaint', { base: { prompt: '' } }, /^prompt: empty/],
    ['many steps', 'control', { base: { steps: 51 } }, /^steps: above 50/],
    ['a side off the grid', 'upscale', { width: 66 }, /^width: not a multiple of 4/],
    ['a small side', 'upscale', { height: 28 }, /^height: not from 32 to 128/],
    ['no side', 'upscale', { width: 0 }, /^width: zero/],
    ['a result too large', 'upscale', { width: 512, height: 256 }, /^width: times height is above/],
  ];
  test.each(wrong)('%s', (_, mode, fields, log) => {
    const result = chain.deliver(REQUESTER, [
      submitMessage(fileRequest(mode, [], fields), filesOf(mode)),
    ]);
    expect(result).toMatchObject({ codespace: 'ml', code: 2, log: expect.stringMatching(log) });
  });

  test('a mode that the model has not', () => {
    const ml = mlGenesis() as { models: { limits: { modes: string[] } }[] };
    for (const { limits } of ml.models) limits.modes = ['text_to_image', 'upscale'];
    chain = startChain({ balances: FUNDED, ml: ml as never });
    expect(submit('upscale', [picture()]).log).toBe('');
    expect(submit('control', [picture()])).toMatchObject({
      codespace: 'ml',
      code: 16,
      log: 'task: control is not among text_to_image, upscale: mode not offered',
    });
  });
});

/** An RGBA picture of 64 x 64 pixels. */
function seeThrough(): Uint8Array {
  return pngOf(64, 64, deflateSync(new Uint8Array(64 * (1 + 4 * 64))), 6);
}
