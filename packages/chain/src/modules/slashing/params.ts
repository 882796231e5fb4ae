import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import type { Params } from 'cosmjs-types/cosmos/slashing/v1beta1/slashing';
import { type Decimal, formatDecimal, ONE, parseDecimal } from '../../decimal.ts';
import { readObject, readString, readUint64 } from '../../genesis-json.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import { MINUTE, toDuration, YEAR } from '../../time.ts';

export interface SlashingParams {
  /** Blocks over which a validator's missing votes are counted. */
  readonly window: bigint;
  /** Part of 1 of them that it must have signed. */
  readonly minSigned: Decimal;
  /** How long it is out for too few. */
  readonly downtimeJailMs: bigint;
  /** Parts of 1 of the stake that are taken. */
  readonly doubleSignSlash: Decimal;
  readonly downtimeSlash: Decimal;
}

/** In genesis and in proposals. */
export interface SlashingParamsJson {
  readonly signed_blocks_window?: string;
  readonly min_signed_per_window?: string;
  readonly downtime_jail_ms?: string;
  readonly slash_fraction_double_sign?: string;
  readonly slash_fraction_downtime?: string;
}

/** Cosmos SDK's, but for the window: blocks here are short, and 100 of them are a pause for breath. */
const DEFAULTS: SlashingParams = {
  window: 1000n,
  minSigned: ONE / 2n,
  downtimeJailMs: 10n * MINUTE,
  doubleSignSlash: ONE / 20n,
  downtimeSlash: ONE / 100n,
};

/** An entry is kept for every block of it that a validator misses. */
const MAX_WINDOW = 10_000n;

export function parseSlashingParams(value: unknown): SlashingParams {
  const path = 'slashing.params';
  const json = readObject(value ?? {}, path, [
    'signed_blocks_window',
    'min_signed_per_window',
    'downtime_jail_ms',
    'slash_fraction_double_sign',
    'slash_fraction_downtime',
  ]);
  const uint = (name: string, otherwise: bigint) =>
    readUint64(json[name], `${path}.${name}`, otherwise);
  const part = (name: string, otherwise: Decimal) => {
    const field = `${path}.${name}`;
    const read =
      json[name] === undefined ? otherwise : parseDecimal(readString(json[name], field), field);
    if (read > ONE) throw new InvalidInputError(field, 'above 1');
    return read;
  };
  const window = uint('signed_blocks_window', DEFAULTS.window);
  if (window < 1n || window > MAX_WINDOW) {
    throw new InvalidInputError(`${path}.signed_blocks_window`, `not 1 to ${MAX_WINDOW}`);
  }
  const downtimeJailMs = uint('downtime_jail_ms', DEFAULTS.downtimeJailMs);
  if (downtimeJailMs > YEAR) {
    throw new InvalidInputError(`${path}.downtime_jail_ms`, 'above a year');
  }
  return {
    window,
    minSigned: part('min_signed_per_window', DEFAULTS.minSigned),
    downtimeJailMs,
    doubleSignSlash: part('slash_fraction_double_sign', DEFAULTS.doubleSignSlash),
    downtimeSlash: part('slash_fraction_downtime', DEFAULTS.downtimeSlash),
  };
}

export function slashingParamsJson(params: SlashingParams): SlashingParamsJson {
  return {
    signed_blocks_window: params.window.toString(),
    min_signed_per_window: formatDecimal(params.minSigned),
    downtime_jail_ms: params.downtimeJailMs.toString(),
    slash_fraction_double_sign: formatDecimal(params.doubleSignSlash),
    slash_fraction_downtime: formatDecimal(params.downtimeSlash),
  };
}

export function encodeSlashingParams(params: SlashingParams): Uint8Array {
  const { window, minSigned, downtimeJailMs, doubleSignSlash, downtimeSlash } = params;
  return encodeIntegers(window, minSigned, downtimeJailMs, doubleSignSlash, downtimeSlash);
}

export function decodeSlashingParams(bytes: Uint8Array): SlashingParams {
  const integers = decodeIntegers(bytes);
  const [window = 0n, minSigned = 0n, downtimeJailMs = 0n] = integers;
  const [, , , doubleSignSlash = 0n, downtimeSlash = 0n] = integers;
  return { window, minSigned, downtimeJailMs, doubleSignSlash, downtimeSlash };
}

/** Decimals stand as the text of their 18th parts, in bytes. */
export function toSlashingProto(params: SlashingParams): Params {
  return {
    signedBlocksWindow: params.window,
    minSignedPerWindow: fromUtf8(params.minSigned.toString()),
    downtimeJailDuration: toDuration(params.downtimeJailMs),
    slashFractionDoubleSign: fromUtf8(params.doubleSignSlash.toString()),
    slashFractionDowntime: fromUtf8(params.downtimeSlash.toString()),
  };
}
