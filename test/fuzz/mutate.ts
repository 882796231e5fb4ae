import { concat, fromUint64 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

/* Hostile inputs, made of good ones. The same seed makes the same inputs. */

/** Draws a whole number below a bound. */
export type Draw = (below: number) => number;

export function drawer(seed: string): Draw {
  let state = sha256(Buffer.from(seed));
  let at = 0;
  return (below) => {
    if (at + 4 > state.length) {
      state = sha256(state);
      at = 0;
    }
    const value = new DataView(state.buffer, state.byteOffset).getUint32(at);
    at += 4;
    return value % below;
  };
}

export const pick = <T>(draw: Draw, from: readonly T[]): T => from[draw(from.length)] as T;

const MEGABYTE = 1 << 20;
/** Above every 64-bit integer, and one that never ends. */
const VARINTS = [
  Uint8Array.from([...new Array<number>(9).fill(0xff), 0x01]),
  new Uint8Array(12).fill(0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
  Uint8Array.from([...new Array<number>(9).fill(0x80), 0x00]),
];

type Mutation = (bytes: Uint8Array, draw: Draw) => Uint8Array;

const flipBit: Mutation = (bytes, draw) => {
  const flipped = bytes.slice();
  const at = draw(Math.max(1, bytes.length));
  if (bytes.length > 0) flipped[at] = (bytes[at] as number) ^ (1 << draw(8));
  return flipped;
};

const truncate: Mutation = (bytes, draw) => bytes.slice(0, draw(bytes.length + 1));

/** Part of it once more, behind it: a field of protobuf that comes twice, if it begins well. */
const duplicate: Mutation = (bytes, draw) => {
  const from = draw(bytes.length + 1);
  return concat(bytes, bytes.slice(pick(draw, [0, from])));
};

const insertVarint: Mutation = (bytes, draw) => {
  const at = draw(bytes.length + 1);
  return concat(bytes.slice(0, at), pick(draw, VARINTS), bytes.slice(at));
};

const replaceByte: Mutation = (bytes, draw) => {
  const replaced = bytes.slice();
  if (replaced.length > 0) replaced[draw(replaced.length)] = pick(draw, [0, 0x7f, 0x80, 0xff]);
  return replaced;
};

/** Field 1 inside field 1, and so on, hundreds deep. */
const nest: Mutation = (bytes, draw) => {
  let nested = bytes;
  for (let depth = 10 + draw(300); depth > 0; depth--) nested = field(1, nested);
  return nested;
};

/** Digits, where there are any, become a number that no amount can be. */
const hugeNumber: Mutation = (bytes, draw) => {
  const text = Buffer.from(bytes).toString('latin1');
  const number = pick(draw, ['9'.repeat(80), '9'.repeat(5000), '-1', `${1n << 256n}`, '1e9']);
  return Buffer.from(text.replace(/\d+/, number), 'latin1');
};

const random: Mutation = (_, draw) => Uint8Array.from({ length: draw(600) }, () => draw(256));

const unknownField: Mutation = (bytes, draw) =>
  concat(bytes, field(pick(draw, [15, 1047, 99]), fromUint64(BigInt(draw(1000)))));

const MUTATIONS = [
  flipBit,
  flipBit,
  truncate,
  duplicate,
  insertVarint,
  replaceByte,
  nest,
  hugeNumber,
  random,
  unknownField,
];

/** One input in so many is of a megabyte. */
const HUGE_ONE_IN = 400;

/** Something else than `bytes`, after one to three mutations. */
export function mutate(bytes: Uint8Array, draw: Draw): Uint8Array {
  for (;;) {
    let mutated = bytes;
    for (let count = 1 + draw(3); count > 0; count--)
      mutated = pick(draw, MUTATIONS)(mutated, draw);
    if (draw(HUGE_ONE_IN) === 0)
      mutated = concat(mutated, new Uint8Array(MEGABYTE).fill(draw(256)));
    if (Buffer.compare(mutated, bytes) !== 0) return mutated;
  }
}

/** The same for text, which stays text: bytes that are no UTF-8 become replacement characters. */
export function mutateText(text: string, draw: Draw): string {
  return Buffer.from(mutate(Buffer.from(text), draw)).toString('utf8');
}

/** A field of protobuf with a length. */
function field(number: number, body: Uint8Array): Uint8Array {
  return concat(varint(number * 8 + 2), varint(body.length), body);
}

export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...bytes, rest]);
}
