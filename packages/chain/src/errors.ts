import { SemblanceError } from '@semblance/core/errors';

/** A reason why the chain refuses something. Numbers are unique in a codespace and never reused. */
export interface ErrorKind {
  readonly codespace: string;
  readonly number: number;
  readonly text: string;
}

const sdk = (number: number, text: string): ErrorKind => ({ codespace: 'sdk', number, text });

/** Cosmos SDK's own codes (types/errors), which wallets and libraries know by number. */
export const sdkErrors = {
  txDecode: sdk(2, 'tx parse error'),
  unauthorized: sdk(4, 'unauthorized'),
  insufficientFunds: sdk(5, 'insufficient funds'),
  unknownRequest: sdk(6, 'unknown request'),
  invalidAddress: sdk(7, 'invalid address'),
  invalidPubKey: sdk(8, 'invalid pubkey'),
  unknownAddress: sdk(9, 'unknown address'),
  invalidCoins: sdk(10, 'invalid coins'),
  outOfGas: sdk(11, 'out of gas'),
  memoTooLarge: sdk(12, 'memo too large'),
  insufficientFee: sdk(13, 'insufficient fee'),
  tooManySignatures: sdk(14, 'maximum number of signatures exceeded'),
  noSignatures: sdk(15, 'no signatures supplied'),
  invalidRequest: sdk(18, 'invalid request'),
  txTooLarge: sdk(21, 'tx too large'),
  keyNotFound: sdk(22, 'key not found'),
  invalidHeight: sdk(26, 'invalid height'),
  txTimeoutHeight: sdk(30, 'tx timeout height'),
  unknownExtensionOptions: sdk(31, 'unknown extension options'),
  wrongSequence: sdk(32, 'incorrect account sequence'),
  notFound: sdk(38, 'not found'),
  panic: sdk(111222, 'panic'),
} as const;

/** The chain refuses a transaction or a query. The message is what stands in the log. */
export class RefusedError extends SemblanceError<
  'REFUSED',
  { codespace: string; number: number; text: string }
> {
  constructor(kind: ErrorKind, description: string, options?: { cause?: unknown }) {
    super('REFUSED', `${description}: ${kind.text}`, { ...kind }, options);
  }
}

/** The chain has decided on a release that is not this one: it stands until that takes over. */
export class UpgradeNeededError extends SemblanceError<
  'UPGRADE_NEEDED',
  { name: string; height: bigint; info: string }
> {
  constructor({ name, height, info }: { name: string; height: bigint; info: string }) {
    const more = info === '' ? '' : ` (${info})`;
    const message = `upgrade ${name} is due at height ${height}: start the release that brings it${more}`;
    super('UPGRADE_NEEDED', message, { name, height, info });
  }
}

/** Whoever drives the application broke its order of calls, or the store is not what it was. */
export class ApplicationError extends SemblanceError<
  | 'GENESIS_EXISTS'
  | 'NO_GENESIS'
  | 'WRONG_CHAIN'
  | 'STORE_FAILED'
  | 'WRONG_EXTENSIONS'
  | 'WRONG_HEIGHT'
  | 'NOTHING_STAGED'
  | 'CORRUPT_STATE'
  | 'WRONG_CHUNK'
  | 'STATE_FORMAT'
> {}
