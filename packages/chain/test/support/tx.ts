import { MsgSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx';
import { SignMode } from 'cosmjs-types/cosmos/tx/signing/v1beta1/signing';
import { AuthInfo, SignDoc, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { encodePubKey } from '../../src/modules/auth/pub-key.ts';
import { sign, type Wallet } from './wallet.ts';

export interface EncodedMessage {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

/** Where a signer stands: what goes into the transaction and under the signature. */
export interface Signer {
  readonly wallet: Wallet;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
}

export interface TxOptions {
  readonly chainId: string;
  readonly gas?: bigint;
  /** Base units of the fee coin; by default what the gas costs at one thousandth. */
  readonly fee?: bigint;
  readonly feeDenom?: string;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
}

export function sendMessage(from: string, to: string, amount: bigint, denom = 'usem') {
  const value = MsgSend.encode({
    fromAddress: from,
    toAddress: to,
    amount: [{ denom, amount: amount.toString() }],
  }).finish();
  return { typeUrl: MsgSend.typeUrl, value };
}

/** A transaction signed in direct mode by every signer. */
export function signedTx(
  messages: readonly EncodedMessage[],
  signers: readonly Signer[],
  options: TxOptions,
): Uint8Array {
  const { chainId, gas = 10_000_000n, feeDenom = 'usem', memo = '', timeoutHeight = 0n } = options;
  const { fee = (gas + 999n) / 1000n } = options;
  const bodyBytes = TxBody.encode(
    TxBody.fromPartial({ messages: [...messages], memo, timeoutHeight }),
  ).finish();
  const authInfoBytes = AuthInfo.encode(
    AuthInfo.fromPartial({
      signerInfos: signers.map(({ wallet, sequence }) => ({
        publicKey: encodePubKey(wallet.publicKey),
        modeInfo: { single: { mode: SignMode.SIGN_MODE_DIRECT } },
        sequence,
      })),
      fee: {
        amount: fee === 0n ? [] : [{ denom: feeDenom, amount: fee.toString() }],
        gasLimit: gas,
      },
    }),
  ).finish();
  const signatures = signers.map(({ wallet, accountNumber }) =>
    sign(wallet, SignDoc.encode({ bodyBytes, authInfoBytes, chainId, accountNumber }).finish()),
  );
  return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
}
