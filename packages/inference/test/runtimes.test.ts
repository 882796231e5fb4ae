import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { describe, expect, test } from 'vitest';
import { nativeRuntime } from '../src/runtimes/native.ts';
import type { Tensor } from '../src/runtimes/runtime.ts';
import { assertPinned, wasmRuntime } from '../src/runtimes/wasm.ts';
import { denoiser, denoiserFeeds, runtimeContract } from './runtime-contract.ts';

runtimeContract(nativeRuntime);
runtimeContract(wasmRuntime);

describe('wasm', () => {
  test.each([
    ['disabled', 'eb96f3d42096b4f899c536c9132945c8c9cc5863a7fcda05b94a5e781caac7b5'],
    ['all', 'eb96f3d42096b4f899c536c9132945c8c9cc5863a7fcda05b94a5e781caac7b5'],
  ] as const)('gives the recorded bits at optimisation %s', async (optimisation, expected) => {
    const session = await wasmRuntime.load(denoiser(), { optimisation, threads: 1 });
    const { out_sample: out } = await session.run(denoiserFeeds(2, 8, 12));
    await session.release();
    expect(toHex(sha256(new Uint8Array((out as Tensor).data.buffer)))).toBe(expected);
  });

  test('refuses a binary that is not the pinned one', () => {
    expect(() => assertPinned(new Uint8Array(8))).toThrow(/ort-wasm-simd-threaded.wasm: SHA-256/);
  });
});
