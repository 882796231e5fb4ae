import { hashSet } from '@semblance/perceptual-hash/hamming/hash-set';
import { compileKernels, Kernels } from '@semblance/perceptual-hash/hamming/kernels';
import { compute, histogramWithin } from '@semblance/perceptual-hash/hamming/plan';
import { pairsWithin } from '@semblance/perceptual-hash/hamming/reference';
import { type Measurement, secondsOf } from './measure.ts';

const MANY = 20_000;
const FEW = 1000;

/** Pairs a second with a full histogram: the kernels beside the plain loop that they must equal. */
export async function hammingRate(): Promise<Measurement> {
  const kernels = new Kernels(compileKernels());
  const many = noise(MANY);
  const few = noise(FEW);
  const ours = rate(MANY, await secondsOf(() => compute(histogramWithin(many), kernels)));
  const plain = rate(FEW, await secondsOf(() => Array.from(pairsWithin(few, 'bits')).length));
  return {
    name: 'Hamming distances, kernels over plain TypeScript',
    ours: `${(ours / 1e9).toFixed(2)} billion pairs/s (64 bits, full histogram, one core)`,
    beside: `${(plain / 1e9).toFixed(4)} billion pairs/s; study billion measures Python and FAISS`,
    ratio: ours / plain,
    aim: undefined,
  };
}

function rate(count: number, seconds: number): number {
  return (count * (count - 1)) / 2 / seconds;
}

function noise(count: number) {
  let state = 1;
  const bytes = Uint8Array.from({ length: count * 8 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return hashSet(64, bytes);
}
