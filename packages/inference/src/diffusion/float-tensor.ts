import { InvalidInputError } from '@semblance/core/errors';
import type { Session, Tensor } from '../runtimes/runtime.ts';

/*
 * The pipeline thinks in float32 and whole numbers; exports differ in what they declare (token ids
 * as int32 or int64, the timestep as int64 or float). The model's own metadata decides.
 */

/** `values` as the element type that `session` declares for `input`. Integers truncate, as numpy. */
export function feed(
  session: Session,
  input: string,
  values: Float32Array | readonly number[],
  dims: readonly number[],
): Tensor {
  const type = session.inputs.find(({ name }) => name === input)?.type;
  if (type === undefined) throw new InvalidInputError(input, 'the model has no such input');
  switch (type) {
    case 'float32':
      return {
        type,
        dims,
        data: values instanceof Float32Array ? values : Float32Array.from(values),
      };
    case 'int32':
      return { type, dims, data: Int32Array.from(values) };
    case 'int64':
      return { type, dims, data: BigInt64Array.from(values, (x) => BigInt(Math.trunc(x))) };
    default:
      throw new InvalidInputError(input, `the model takes ${type}`);
  }
}

/** The data of a float32 output. @throws InvalidInputError when the model declares another type. */
export function floats(
  outputs: Readonly<Record<string, Tensor>>,
  output: string,
): Tensor & { type: 'float32' } {
  const tensor = outputs[output];
  if (tensor?.type !== 'float32') {
    throw new InvalidInputError(output, `the model gives ${tensor?.type ?? 'no such output'}`);
  }
  return tensor;
}
