import { PubKey } from 'cosmjs-types/cosmos/crypto/secp256k1/keys';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { AuthInfo, SignDoc, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import type { Coin, TxMessage } from './messages.ts';
import type { Signer, UnsignedTx } from './signer.ts';

export interface TxFields {
  readonly chainId: string;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly messages: readonly TxMessage[];
  readonly memo: string;
  readonly gas: bigint;
  readonly fee: readonly Coin[];
  /** Compressed secp256k1 key of the one signer. */
  readonly publicKey: Uint8Array;
}

/** A transaction of one signer in SIGN_MODE_DIRECT, ready to be signed. */
function unsignedTx(fields: TxFields): UnsignedTx {
  const { chainId, accountNumber, sequence, messages, memo, gas, fee, publicKey } = fields;
  const bodyBytes = TxBody.encode(
    TxBody.fromPartial({ messages: messages.map((message) => ({ ...message })), memo }),
  ).finish();
  const authInfoBytes = AuthInfo.encode(
    AuthInfo.fromPartial({
      signerInfos: [
        {
          publicKey: {
            typeUrl: PubKey.typeUrl,
            value: PubKey.encode({ key: publicKey }).finish(),
          },
          modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
          sequence,
        },
      ],
      fee: { amount: fee.map((coin) => ({ ...coin })), gasLimit: gas },
    }),
  ).finish();
  const signBytes = SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish();
  return { bodyBytes, authInfoBytes, chainId, accountNumber, signBytes };
}

/** Wire bytes of a signed transaction. */
export async function signTx(signer: Signer, fields: TxFields): Promise<Uint8Array> {
  const { bodyBytes, authInfoBytes, signature } = await signer.sign(unsignedTx(fields));
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [signature] }).finish();
}

/** The transaction without a valid signature, for simulation. */
export function simulatedTx(fields: TxFields): Uint8Array {
  const { bodyBytes, authInfoBytes } = unsignedTx(fields);
  const signatures = [new Uint8Array(64)];
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
}
