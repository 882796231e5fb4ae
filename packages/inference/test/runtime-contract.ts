import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedNoise } from '../src/noise.ts';
import type { LoadOptions, Runtime, Session, Tensor, Tensors } from '../src/runtimes/runtime.ts';

const OPTIONS: LoadOptions = { optimisation: 'all', threads: 1 };

/** What every backend must do, run over the denoiser of the test model. */
export function runtimeContract(runtime: Runtime): void {
  describe(`runtime contract: ${runtime.name}`, () => {
    let session: Session;
    beforeAll(async () => {
      session = await runtime.load(denoiser(), OPTIONS);
    });
    afterAll(() => session.release());

    test('describes inputs and outputs', () => {
      const named = (name: string) => session.inputs.find((input) => input.name === name);
      expect(session.inputs.map(({ name }) => name).sort()).toEqual([
        'encoder_hidden_states',
        'sample',
        'timestep',
      ]);
      expect(named('sample')).toMatchObject({ type: 'float32' });
      expect(named('sample')?.shape).toHaveLength(4);
      expect(named('sample')?.shape[1]).toBe(4);
      expect(named('timestep')).toEqual({ name: 'timestep', type: 'int64', shape: [1] });
      expect(session.outputs.map(({ name, type }) => [name, type])).toEqual([
        ['out_sample', 'float32'],
      ]);
    });

    test.each([
      [1, 8, 8],
      [2, 8, 8],
      [3, 4, 12],
    ])('gives the shape it is fed: batch %d of %d x %d', async (batch, height, width) => {
      const { out_sample: out } = await session.run(denoiserFeeds(batch, height, width));
      expect(out?.dims).toEqual([batch, 4, height, width]);
      expect(out?.data).toBeInstanceOf(Float32Array);
      expect(out?.data).toHaveLength(batch * 4 * height * width);
    });

    test('repeats itself, also in a second session', async () => {
      const other = await runtime.load(denoiser(), OPTIONS);
      const first = await session.run(denoiserFeeds(2, 8, 8));
      expect(await session.run(denoiserFeeds(2, 8, 8))).toEqual(first);
      expect(await other.run(denoiserFeeds(2, 8, 8))).toEqual(first);
      await other.release();
    });

    test('leaves earlier results alone', async () => {
      const first = await session.run(denoiserFeeds(1, 8, 8));
      const kept = first.out_sample?.data.slice();
      await session.run(denoiserFeeds(1, 8, 8, 9n));
      expect(first.out_sample?.data).toEqual(kept);
    });

    test('takes runs that overlap', async () => {
      const alone = await session.run(denoiserFeeds(1, 8, 8));
      const together = [1n, 2n, 1n].map((seed) => session.run(denoiserFeeds(1, 8, 8, seed)));
      const [a, , c] = await Promise.all(together);
      expect(a).toEqual(alone);
      expect(c).toEqual(alone);
    });

    const good = () => denoiserFeeds(1, 8, 8);
    const zeros = new Float32Array(256);
    const wrong: [string, string, Tensors][] = [
      ['timestep', 'missing', omit(good(), 'timestep')],
      ['surprise', 'unknown', { ...good(), surprise: good().sample as Tensor }],
      ['toString', 'unknown', { ...good(), toString: good().sample as Tensor }],
      ['timestep', 'float32', { ...good(), timestep: float32([1], new Float32Array(1)) }],
      ['sample', 'rank', { ...good(), sample: float32([4, 8, 8], zeros) }],
      ['sample', 'fixed size', { ...good(), sample: float32([1, 2, 8, 16], zeros) }],
      ['sample', 'length', { ...good(), sample: float32([1, 4, 8, 9], zeros) }],
      ['sample', 'zero size', { ...good(), sample: float32([0, 4, 8, 8], new Float32Array()) }],
      ['sample', 'NaN size', { ...good(), sample: float32([Number.NaN, 4, 8, 8], zeros) }],
      ['sample', 'array', { ...good(), sample: float32([1, 4, 8, 8], new Int32Array(256)) }],
    ];
    test.each(wrong)('refuses %s: %s', async (field, _, feeds) => {
      await expect(session.run(feeds)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { field },
      });
    });

    test('reports a failure inside the model', async () => {
      // the words' width is only known to a matrix product, deep inside
      const feeds = { ...good(), sample: float32([1, 4, 7, 7], new Float32Array(196)) };
      await expect(session.run(feeds)).rejects.toMatchObject({ code: 'RUNTIME' });
      await expect(session.run(good())).resolves.toBeDefined();
    });

    test.each([Number.NaN, Infinity])('reports %d in the output', async (value) => {
      const sample = float32([1, 4, 8, 8], new Float32Array(256).fill(value));
      await expect(session.run({ ...good(), sample })).rejects.toMatchObject({
        code: 'NOT_FINITE',
        details: { output: 'out_sample' },
      });
    });

    test('stops when aborted', async () => {
      const signal = AbortSignal.abort(new Error('stop'));
      await expect(session.run(good(), { signal })).rejects.toThrow('stop');
      await expect(runtime.load(denoiser(), { ...OPTIONS, signal })).rejects.toThrow('stop');
      const controller = new AbortController();
      const running = session.run(good(), { signal: controller.signal });
      controller.abort(new Error('too late'));
      await expect(running).rejects.toThrow('too late');
    });

    test('refuses bytes that are no model', async () => {
      for (const bytes of [
        new Uint8Array(),
        new Uint8Array(64).fill(7),
        denoiser().slice(0, 900),
      ]) {
        await expect(runtime.load(bytes, OPTIONS)).rejects.toMatchObject({ code: 'RUNTIME' });
      }
    });

    test('is released once and then refuses to run', async () => {
      const short = await runtime.load(denoiser(), OPTIONS);
      await short.release();
      await short.release();
      await expect(short.run(good())).rejects.toMatchObject({ code: 'RUNTIME' });
    });

    test.each(['disabled', 'basic', 'extended', 'all'] as const)(
      'agrees at optimisation %s',
      async (optimisation) => {
        const other = await runtime.load(denoiser(), { optimisation, threads: 2 });
        const [a, b] = [session, other].map((one) => one.run(denoiserFeeds(2, 8, 8)));
        const expected = (await a)?.out_sample?.data as Float32Array;
        const actual = (await b)?.out_sample?.data as Float32Array;
        await other.release();
        const worst = Math.max(...expected.map((x, i) => Math.abs(x - (actual[i] as number))));
        expect(worst).toBeLessThan(1e-5);
      },
    );
  });
}

/** The test model's denoiser, as bytes. */
export function denoiser(): Uint8Array {
  return readFileSync(new URL('fixtures/tiny/unet/model.onnx', import.meta.url));
}

export function denoiserFeeds(batch: number, height: number, width: number, seed = 1n): Tensors {
  return {
    sample: float32([batch, 4, height, width], seedNoise(seed, 0, batch * 4 * height * width)),
    timestep: { type: 'int64', dims: [1], data: BigInt64Array.of(501n) },
    encoder_hidden_states: float32([batch, 32, 8], seedNoise(seed, 1, batch * 256)),
  };
}

/** Also of data that is not float32, to be refused. */
function float32(dims: readonly number[], data: Float32Array | Int32Array): Tensor {
  return { type: 'float32', dims, data: data as Float32Array };
}

function omit(feeds: Tensors, name: string): Tensors {
  return Object.fromEntries(Object.entries(feeds).filter(([key]) => key !== name));
}
