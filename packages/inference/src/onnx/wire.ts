import { InvalidInputError } from '@semblance/core/errors';

/*
 * Just enough of the protobuf wire format to find fields in a message without decoding it:
 * https://protobuf.dev/programming-guides/encoding
 */

const VARINT = 0;
const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
export const FIXED32 = 5;

/** One field of a message. `start` and `end` bound its payload; `value` is a varint's number. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/**
 * The fields of the message in `bytes[start, end)`, in order.
 *
 * @throws InvalidInputError when the bytes are not a message.
 */
export function* fields(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Field> {
  let at = start;
  while (at < end) {
    const tag = varint(bytes, at, end);
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    const field = payload(bytes, { number, wire, at: tag.end, end });
    yield field;
    at = field.end;
  }
}

function payload(
  bytes: Uint8Array,
  { number, wire, at, end }: { number: number; wire: number; at: number; end: number },
): Field {
  switch (wire) {
    case VARINT: {
      const { value, end: after } = varint(bytes, at, end);
      return { number, wire, start: at, end: after, value };
    }
    case FIXED64:
      return within({ number, wire, start: at, end: at + 8, value: 0 }, end);
    case FIXED32:
      return within({ number, wire, start: at, end: at + 4, value: 0 }, end);
    case LENGTH_DELIMITED: {
      const { value: length, end: start } = varint(bytes, at, end);
      return within({ number, wire, start, end: start + length, value: 0 }, end);
    }
    default:
      throw new InvalidInputError('onnx', `wire type ${wire} at byte ${at}`);
  }
}

function within(field: Field, end: number): Field {
  if (field.end > end) throw new InvalidInputError('onnx', `field runs past byte ${end}`);
  return field;
}

/** A varint as a number: exact below 2^53, and only its size matters above. */
function varint(bytes: Uint8Array, start: number, end: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < end && at < start + 10; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 0x80;
  }
  throw new InvalidInputError('onnx', `unfinished varint at byte ${start}`);
}
