import { compare, concat, equals, fromUtf8, toHex } from '@semblance/core/bytes';
import type { Contribution } from '@semblance/verification/beacon';
import { EXTENSION_BYTES } from '@semblance/verification/vote-extension';
import type { ExtendedVote, Vote } from '../../application.ts';

/*
 * A block carries the extensions of the votes for the block before as its first transaction, which
 * nobody signs: the marker, then the extensions by ascending address of their validators. What is in
 * it can be checked by whoever has the block and the state before it.
 */

/** Field 0, with which no protobuf message begins: it is never taken for a transaction. */
const MARKER = concat(Uint8Array.of(0), fromUtf8('semblance/vote-extensions/v1'));

/** As many as CometBFT has validators at most. */
const MAX_EXTENSIONS = 10_000;

/** Reads and checks one extension; nothing if it is not right. */
export type ReadExtension = (extension: Uint8Array, input: Uint8Array) => Contribution | undefined;

/** Whether a transaction is the carrier of extensions, right or wrong. */
export function isCarrier(tx: Uint8Array | undefined): tx is Uint8Array {
  return tx !== undefined && equals(tx.subarray(0, MARKER.length), MARKER);
}

/** The carrier of the extensions that are right and their voter's own; late votes may hold anything. */
export function carry(
  read: ReadExtension,
  votes: readonly ExtendedVote[],
  input: Uint8Array,
): Uint8Array {
  const right = votes.flatMap(({ extension, validator: { address } }) => {
    const contribution = read(extension, input);
    const isOwn = contribution !== undefined && equals(contribution.validator, address);
    return isOwn ? [{ extension, contribution }] : [];
  });
  right.sort((a, b) => compare(a.contribution.validator, b.contribution.validator));
  return concat(MARKER, ...right.map(({ extension }) => extension));
}

/** What a carrier adds to the beacon; nothing if any of it is wrong, twice or out of order. */
export function contributionsOf(
  read: ReadExtension,
  carrier: Uint8Array,
  input: Uint8Array,
): readonly Contribution[] | undefined {
  const body = carrier.subarray(MARKER.length);
  const count = body.length / EXTENSION_BYTES;
  if (!Number.isInteger(count) || count > MAX_EXTENSIONS) return undefined;
  const found: Contribution[] = [];
  for (let at = 0; at < body.length; at += EXTENSION_BYTES) {
    const contribution = read(body.subarray(at, at + EXTENSION_BYTES), input);
    if (contribution === undefined) return undefined;
    const before = found.at(-1);
    if (before && compare(before.validator, contribution.validator) >= 0) return undefined;
    found.push(contribution);
  }
  return found;
}

/**
 * Whether they are of validators with more than two thirds of the power, and of nobody else. A proposer
 * can leave out no more than it could by waiting for fewer votes.
 */
export function areEnough(
  contributions: readonly Contribution[],
  lastCommit: readonly Vote[],
): boolean {
  const powers = new Map(
    lastCommit.map(({ validator }) => [toHex(validator.address), validator.power]),
  );
  const total = lastCommit.reduce((sum, { validator }) => sum + validator.power, 0n);
  let contributed = 0n;
  for (const { validator } of contributions) {
    const power = powers.get(toHex(validator));
    if (power === undefined) return false;
    contributed += power;
  }
  return 3n * contributed > 2n * total;
}
