import { create, toBinary } from '@bufbuild/protobuf';
import { type JobRequest, MsgSubmitJobSchema } from '@semblance/proto/ml';
import {
  Coin,
  isTxError,
  LCDClient,
  MnemonicKey,
  type Msg,
  MsgDelegate,
  TendermintQuery,
  WebSocketClient,
} from '@terra-money/feather.js';
import { SignMode as TerraSignMode } from '@terra-money/terra.proto/cosmos/tx/signing/v1beta1/signing.js';
import { createAminoTypes } from '../../../src/cosmjs.ts';
import { CHAIN_ID, MNEMONIC, type WalletChain } from './chain.ts';
import type { SignMode, WalletClient } from './client.ts';

const MODES = {
  direct: TerraSignMode.SIGN_MODE_DIRECT,
  amino: TerraSignMode.SIGN_MODE_LEGACY_AMINO_JSON,
};

/** feather.js, the client of Terra and its Station wallet. It works over REST alone. */
export async function connectFeather(chain: WalletChain): Promise<WalletClient> {
  const lcd = new LCDClient({
    [CHAIN_ID]: {
      chainID: CHAIN_ID,
      lcd: chain.restUrl,
      gasAdjustment: 1.5,
      gasPrices: { usem: '0.001' },
      prefix: 'sem',
    },
  });
  const wallet = lcd.wallet(new MnemonicKey({ mnemonic: MNEMONIC, coinType: 118 }));
  const socket = new WebSocketClient(`${chain.rpcUrl.replace('http', 'ws')}/websocket`);
  const send = async (message: Msg, mode: SignMode) => {
    const options = { chainID: CHAIN_ID, msgs: [message], signMode: MODES[mode] };
    const tx = await wallet.createAndSignTx(options);
    const result = await lcd.tx.broadcast(tx, CHAIN_ID);
    if (isTxError(result)) throw new Error(result.raw_log);
    return result.txhash;
  };
  return {
    async chainId() {
      const { block } = await lcd.tendermint.blockInfo(CHAIN_ID);
      return block.header.chain_id;
    },
    async balance() {
      const [coins] = await lcd.bank.balance(chain.address);
      return coins.get('usem')?.amount.toString() ?? '0';
    },
    submit: (request, mode) => send(jobMessage(request), mode),
    delegate: (amount, mode) =>
      send(new MsgDelegate(chain.address, chain.validator, new Coin('usem', amount)), mode),
    async watch(onTransaction) {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.on('connect', () => {
        socket.subscribeTx(new TendermintQuery(), ({ value }) =>
          onTransaction(value.TxResult.txhash),
        );
        socket.subscribe('NewBlock', new TendermintQuery(), () => resolve());
      });
      socket.start();
      await promise;
    },
    close: () => socket.destroy(),
  };
}

/** Its messages are classes of Terra's modules; one of another module brings its own forms along. */
function jobMessage(request: JobRequest): Msg {
  const typeUrl = '/semblance.ml.v1.MsgSubmitJob';
  const message = create(MsgSubmitJobSchema, { request });
  return {
    packAny: () => ({ typeUrl, value: toBinary(MsgSubmitJobSchema, message) }),
    toAmino: () => createAminoTypes().toAmino({ typeUrl, value: message }),
  } as unknown as Msg;
}
