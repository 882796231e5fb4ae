import { type NarrowPrecision, roundFloats } from '../precision.ts';
import type { Session, Tensor, Tensors } from './runtime.ts';

/**
 * A session whose float32 inputs and outputs pass in `precision`, as the tensors between the models
 * of a half-precision pipeline do. Numbers beyond the format's range stay as they are.
 */
export function roundedSession(session: Session, precision: NarrowPrecision): Session {
  const roundAll = (tensors: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, rounded(tensor, precision)]),
    );
  return {
    ...session,
    run: async (feeds, options) => roundAll(await session.run(roundAll(feeds), options)),
  };
}

function rounded(tensor: Tensor, precision: NarrowPrecision): Tensor {
  if (tensor.type !== 'float32' || !(tensor.data instanceof Float32Array)) return tensor;
  return { ...tensor, data: roundFloats(tensor.data, precision) };
}
