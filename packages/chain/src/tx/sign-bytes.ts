import { fromUtf8 } from '@semblance/core/bytes';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { SignDoc } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { aminoMessage } from '../amino.ts';
import { RefusedError, sdkErrors } from '../errors.ts';
import { type AminoJson, canonicalJson } from './amino-json.ts';
import { encodeCosmos } from './cosmos-wire.ts';
import type { DecodedTx } from './decode.ts';

/** What ties a signature to one place in one chain's history. */
export interface SigningAs {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

/** The bytes whose SHA-256 a signer signed in the given mode. Throws a refusal for other modes. */
export function signBytes(tx: DecodedTx, mode: SignMode | undefined, as: SigningAs): Uint8Array {
  if (mode === SignMode.SIGN_MODE_DIRECT) return directSignBytes(tx, as);
  if (mode === SignMode.SIGN_MODE_LEGACY_AMINO_JSON) return aminoSignBytes(tx, as);
  throw new RefusedError(sdkErrors.unauthorized, 'sign mode: neither direct nor amino JSON');
}

function directSignBytes(tx: DecodedTx, { chainId, accountNumber }: SigningAs): Uint8Array {
  const { bodyBytes, authInfoBytes } = tx;
  const document = { bodyBytes, authInfoBytes, chainId, accountNumber };
  return encodeCosmos(SignDoc, document);
}

function aminoSignBytes({ body, authInfo }: DecodedTx, as: SigningAs): Uint8Array {
  const msgs = body.messages.map(({ typeUrl, value }): AminoJson => {
    const amino = aminoMessage(typeUrl, value);
    if (amino === undefined) {
      throw new RefusedError(sdkErrors.unauthorized, `${typeUrl} has no amino form`);
    }
    return { type: amino.type, value: amino.value };
  });
  const document: AminoJson = {
    account_number: as.accountNumber.toString(),
    chain_id: as.chainId,
    fee: aminoFee(authInfo.fee),
    memo: body.memo,
    msgs,
    sequence: as.sequence.toString(),
    ...(body.timeoutHeight > 0n && { timeout_height: body.timeoutHeight.toString() }),
  };
  return fromUtf8(canonicalJson(document));
}

function aminoFee(fee: DecodedTx['authInfo']['fee']): AminoJson {
  const { amount = [], gasLimit = 0n, payer = '', granter = '' } = fee ?? {};
  return {
    amount: amount.map(({ denom, amount }) => ({ denom, amount })),
    gas: gasLimit.toString(),
    ...(payer !== '' && { payer }),
    ...(granter !== '' && { granter }),
  };
}
