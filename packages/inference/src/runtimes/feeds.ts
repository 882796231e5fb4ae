import { InvalidInputError } from '@semblance/core/errors';
import { NotFiniteError } from '../errors.ts';
import type { ElementType, Tensor, TensorData, TensorInfo, Tensors } from './runtime.ts';

const ARRAYS: { readonly [T in ElementType]: new (length: number) => TensorData[T] } = {
  float32: Float32Array,
  int32: Int32Array,
  int64: BigInt64Array,
};

/** Throws {@link InvalidInputError} naming the first input that does not fit the declaration. */
export function assertFeeds(inputs: readonly TensorInfo[], feeds: Tensors): void {
  for (const info of inputs) {
    const tensor = Object.hasOwn(feeds, info.name) ? feeds[info.name] : undefined;
    if (tensor === undefined) throw new InvalidInputError(info.name, 'missing input');
    assertFeed(info, tensor);
  }
  for (const name of Object.keys(feeds)) {
    if (!inputs.some((info) => info.name === name)) {
      throw new InvalidInputError(name, 'the model has no such input');
    }
  }
}

function assertFeed({ name, type, shape }: TensorInfo, tensor: Tensor): void {
  if (tensor.type !== type) throw new InvalidInputError(name, `${tensor.type} instead of ${type}`);
  if (!(tensor.data instanceof ARRAYS[tensor.type])) {
    throw new InvalidInputError(name, `data is not the array of ${type}`);
  }
  const fits =
    tensor.dims.length === shape.length &&
    tensor.dims.every((size, i) => Number.isInteger(size) && size > 0 && matches(shape[i], size));
  if (!fits)
    throw new InvalidInputError(name, `[${tensor.dims.join()}] instead of [${shape.join()}]`);
  const length = tensor.dims.reduce((product, size) => product * size, 1);
  if (tensor.data.length !== length) {
    throw new InvalidInputError(name, `${tensor.data.length} elements instead of ${length}`);
  }
}

function matches(declared: number | string | undefined, size: number): boolean {
  return typeof declared === 'string' || declared === size;
}

/** Throws {@link NotFiniteError} if any floating output holds NaN or infinity. */
export function assertFinite(outputs: Tensors): void {
  for (const [name, tensor] of Object.entries(outputs)) {
    const index = firstNotFinite(tensor);
    if (index >= 0) throw new NotFiniteError(name, index);
  }
}

function firstNotFinite(tensor: Tensor): number {
  switch (tensor.type) {
    case 'float32':
      return tensor.data.findIndex((x) => !Number.isFinite(x));
    case 'int32':
    case 'int64':
      return -1;
  }
}
