import { create, toBinary } from '@bufbuild/protobuf';
import {
  AminoSigner,
  CosmosClientFactory,
  DirectSigner,
  Secp256k1HDWallet,
} from '@interchainjs/cosmos';
import { MsgSubmitJobSchema } from '@semblance/proto/ml';
import { getBalance } from 'interchainjs/cosmos/bank/v1beta1/query.rpc.func';
import { MsgDelegate } from 'interchainjs/cosmos/staking/v1beta1/tx';
import { createAminoTypes } from '../../../src/cosmjs.ts';
import { CHAIN_ID, MNEMONIC, type WalletChain } from './chain.ts';
import type { SignMode, WalletClient } from './client.ts';

const typeUrl = '/semblance.ml.v1.MsgSubmitJob';
const ENCODER = {
  typeUrl,
  fromPartial: (fields: object) => create(MsgSubmitJobSchema, fields),
  encode: (message: object) => ({
    finish: () => toBinary(MsgSubmitJobSchema, create(MsgSubmitJobSchema, message)),
  }),
};
const CONVERTER = {
  typeUrl,
  aminoType: 'semblance/ml/MsgSubmitJob',
  toAmino: (value: object) => createAminoTypes().toAmino({ typeUrl, value }).value,
  fromAmino: (value: object) =>
    createAminoTypes().fromAmino({ type: CONVERTER.aminoType, value }).value,
};

/**
 * Its subscriptions are left out: its socket waits for Ethereum's answer, the subscription's number,
 * and rejects the empty object with which every CometBFT answers.
 */
export async function connectInterchain(chain: WalletChain): Promise<WalletClient> {
  const { rpcUrl, address, validator } = chain;
  const queryClient = await CosmosClientFactory.createQueryClient(rpcUrl);
  const derivations = [{ prefix: 'sem', hdPath: "m/44'/118'/0'/0/0" }];
  const wallet = await Secp256k1HDWallet.fromMnemonic(MNEMONIC, { derivations });
  const config = { queryClient, chainId: CHAIN_ID, addressPrefix: 'sem', gasPrice: '0.001usem' };
  const signers = {
    direct: new DirectSigner(await wallet.toOfflineDirectSigner(), config),
    amino: new AminoSigner(await wallet.toOfflineAminoSigner(), config),
  };
  for (const signer of Object.values(signers)) signer.addEncoders([ENCODER, MsgDelegate]);
  signers.amino.addConverters([CONVERTER, MsgDelegate]);
  const send = async (message: { typeUrl: string; value: object }, mode: SignMode) => {
    const options = { signerAddress: address };
    const sent = await signers[mode].signAndBroadcast({ messages: [message], options });
    const { code, rawLog } = await sent.wait(30_000, 20);
    if (code !== 0) throw new Error(rawLog);
    return sent.transactionHash;
  };
  return {
    chainId: async () => (await queryClient.getStatus()).nodeInfo.network,
    balance: async () =>
      (await getBalance(rpcUrl, { address, denom: 'usem' })).balance?.amount ?? '0',
    submit: (request, mode) => send({ typeUrl, value: { request } }, mode),
    delegate(amount, mode) {
      const coin = { denom: 'usem', amount };
      const value = { delegatorAddress: address, validatorAddress: validator, amount: coin };
      return send({ typeUrl: MsgDelegate.typeUrl, value }, mode);
    },
    close: () => queryClient.disconnect(),
  };
}
