import { fromUtf8 } from '@semblance/core/bytes';
import { AuthInfo, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { RefusedError, sdkErrors } from '../errors.ts';
import { readMessage } from '../messages.ts';
import type { Message } from './message.ts';
import { decodeCosmos } from './strict.ts';

/** Bounds on what anybody may send. The first is also CometBFT's own default. */
const TX_LIMITS = {
  bytes: 1_048_576,
  authInfoBytes: 8_192,
  messages: 16,
  signatures: 16,
  memoBytes: 256,
} as const;

/** Greatest gas limit: block results carry it as a signed 64-bit integer. */
export const GAS_LIMIT_MAX = (1n << 63n) - 1n;

export interface DecodedTx {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  readonly body: TxBody;
  readonly authInfo: AuthInfo;
  readonly messages: readonly Message[];
}

/** Reads a transaction strictly and checks its shape. Throws a refusal with a Cosmos code. */
export function decodeTx(bytes: Uint8Array): DecodedTx {
  if (bytes.length > TX_LIMITS.bytes) {
    throw new RefusedError(sdkErrors.txTooLarge, `${bytes.length} of ${TX_LIMITS.bytes} bytes`);
  }
  const { bodyBytes, authInfoBytes, signatures } = decodeCosmos(TxRaw, bytes, 'TxRaw');
  if (authInfoBytes.length > TX_LIMITS.authInfoBytes) {
    throw new RefusedError(sdkErrors.txTooLarge, `auth info of ${authInfoBytes.length} bytes`);
  }
  const body = decodeCosmos(TxBody, bodyBytes, 'TxBody');
  const authInfo = decodeCosmos(AuthInfo, authInfoBytes, 'AuthInfo');
  checkBody(body);
  checkFee(authInfo);
  checkSignatures(authInfo, signatures);
  const messages = body.messages.map((message) => readMessage(message));
  return { bodyBytes, authInfoBytes, signatures, body, authInfo, messages };
}

function checkBody(body: TxBody): void {
  if (body.messages.length === 0) {
    throw new RefusedError(sdkErrors.invalidRequest, 'must contain at least one message');
  }
  if (body.messages.length > TX_LIMITS.messages) {
    throw new RefusedError(sdkErrors.invalidRequest, `more than ${TX_LIMITS.messages} messages`);
  }
  const memoBytes = fromUtf8(body.memo).length;
  if (memoBytes > TX_LIMITS.memoBytes) {
    throw new RefusedError(
      sdkErrors.memoTooLarge,
      `maximum number of bytes is ${TX_LIMITS.memoBytes} but received ${memoBytes}`,
    );
  }
  if (!body.memo.isWellFormed()) {
    throw new RefusedError(sdkErrors.txDecode, 'memo is not valid UTF-8');
  }
  if (body.extensionOptions.length > 0 || body.nonCriticalExtensionOptions.length > 0) {
    throw new RefusedError(sdkErrors.unknownExtensionOptions, 'none are known');
  }
  if (body.unordered || body.timeoutTimestamp !== undefined) {
    throw new RefusedError(sdkErrors.invalidRequest, 'unordered transactions are not taken');
  }
}

function checkFee({ fee, tip }: AuthInfo): void {
  if (fee === undefined) throw new RefusedError(sdkErrors.txDecode, 'fee is missing');
  if (fee.gasLimit > GAS_LIMIT_MAX) {
    throw new RefusedError(sdkErrors.invalidRequest, 'fee.gas_limit: too large');
  }
  if (tip !== undefined) throw new RefusedError(sdkErrors.txDecode, 'tips are not taken');
}

function checkSignatures(authInfo: AuthInfo, signatures: readonly Uint8Array[]): void {
  if (signatures.length === 0) {
    throw new RefusedError(sdkErrors.noSignatures, 'a transaction must be signed');
  }
  if (signatures.length > TX_LIMITS.signatures) {
    throw new RefusedError(sdkErrors.tooManySignatures, `${signatures.length} signatures`);
  }
  if (signatures.length !== authInfo.signerInfos.length) {
    throw new RefusedError(
      sdkErrors.unauthorized,
      `${authInfo.signerInfos.length} signers but ${signatures.length} signatures`,
    );
  }
}
