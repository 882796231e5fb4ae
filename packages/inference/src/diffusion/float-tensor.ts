import { InvalidInputError } from '@semblance/core/errors';
import type { Session, Tensor, Tensors } from '../runtimes/runtime.ts';

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

/** Numbers and their shape, not yet of the type that a model declares. */
export interface Values {
  readonly values: Float32Array | readonly number[];
  readonly dims: readonly number[];
}

/** Each of `inputs` as `session` declares it. */
export function feedAll(session: Session, inputs: Readonly<Record<string, Values>>): Tensors {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { values, dims }]) => [
      name,
      feed(session, name, values, dims),
    ]),
  );
}

export function join(a: Float32Array, b: Float32Array): Float32Array {
  const joined = new Float32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** `values`, `count` times over. */
export function repeat(values: Float32Array, count: number): Float32Array {
  const repeated = new Float32Array(count * values.length);
  for (let i = 0; i < count; i++) repeated.set(values, i * values.length);
  return repeated;
}
