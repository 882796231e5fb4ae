import { Secp256k1HdWallet } from '@cosmjs/amino';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { assertIsDeliverTxSuccess, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import { Comet38Client } from '@cosmjs/tendermint-rpc';
import { toHex } from '@semblance/core/bytes';
import { createAminoTypes, createRegistry } from '../../../src/cosmjs.ts';
import { MNEMONIC, type WalletChain } from './chain.ts';
import type { WalletClient } from './client.ts';

export async function connectCosmJs(chain: WalletChain): Promise<WalletClient> {
  const { rpcUrl, address, validator } = chain;
  const wallets = {
    direct: await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: 'sem' }),
    amino: await Secp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: 'sem' }),
  };
  const options = {
    registry: createRegistry(),
    aminoTypes: createAminoTypes(),
    gasPrice: GasPrice.fromString('0.001usem'),
    broadcastPollIntervalMs: 20,
  };
  const connect = (mode: keyof typeof wallets) =>
    SigningStargateClient.connectWithSigner(rpcUrl, wallets[mode], options);
  const clients = { direct: await connect('direct'), amino: await connect('amino') };
  const socket = await Comet38Client.connect(rpcUrl.replace('http', 'ws'));
  return {
    chainId: () => clients.direct.getChainId(),
    balance: async () => (await clients.direct.getBalance(address, 'usem')).amount,
    async submit(request, mode) {
      const message = { typeUrl: '/semblance.ml.v1.MsgSubmitJob', value: { request } };
      const result = await clients[mode].signAndBroadcast(address, [message], 'auto');
      assertIsDeliverTxSuccess(result);
      return result.transactionHash;
    },
    async delegate(amount, mode) {
      const coin = { denom: 'usem', amount };
      const result = await clients[mode].delegateTokens(address, validator, coin, 'auto');
      assertIsDeliverTxSuccess(result);
      return result.transactionHash;
    },
    async watch(onTransaction) {
      const error = console.error;
      socket.subscribeTx().subscribe({ next: ({ hash }) => onTransaction(toHex(hash)), error });
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.subscribeNewBlock().subscribe({ next: () => resolve(), error });
      await promise;
    },
    close() {
      clients.direct.disconnect();
      clients.amino.disconnect();
      socket.disconnect();
    },
  };
}
