import { DirectSecp256k1Wallet } from '@cosmjs/proto-signing';
import { assertIsDeliverTxSuccess, coin, GasPrice, SigningStargateClient } from '@cosmjs/stargate';
import { connectComet } from '@cosmjs/tendermint-rpc';
import { isCarrier } from '@semblance/chain/vote-extension';
import { EXTENSION_BYTES } from '@semblance/verification/vote-extension';
import { describe, expect, it, onTestFinished } from 'vitest';
import { REQUESTER } from '../../packages/chain/test/support/ml.ts';
import { valoper } from '../../packages/chain/test/support/staking.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';
import { startNetwork, until, WITHOUT_ENGINE } from './network.ts';

/* What module staking decides is what CometBFT does. */

describe.skipIf(WITHOUT_ENGINE !== '')(`stakes under CometBFT${WITHOUT_ENGINE}`, () => {
  it('give their validators power, and take it away', { timeout: 120_000 }, async () => {
    const network = await startNetwork(1, 100);
    onTestFinished(() => network.remove());
    const url = network.validators[0]?.rpcUrl ?? '';
    // CosmJS takes no status of a chain without blocks.
    const comet = await until('the first block', () => connectComet(url));
    onTestFinished(() => comet.disconnect());
    const signer = await DirectSecp256k1Wallet.fromKey(REQUESTER.privateKey, 'sem');
    const client = await SigningStargateClient.connectWithSigner(url, signer, {
      gasPrice: GasPrice.fromString('0.001usem'),
      broadcastPollIntervalMs: 50,
    });
    onTestFinished(() => client.disconnect());
    const power = async () => (await comet.validators({})).validators[0]?.votingPower;
    const validator = valoper(wallet('validator 0'));
    expect(await power()).toBe(10n);
    const amount = coin('5000000', 'usem');
    const { address } = REQUESTER;
    assertIsDeliverTxSuccess(await client.delegateTokens(address, validator, amount, 'auto'));
    await until('the power grows', async () => ((await power()) === 15n ? true : undefined));
    assertIsDeliverTxSuccess(await client.withdrawRewards(address, validator, 'auto'));
    assertIsDeliverTxSuccess(await client.undelegateTokens(address, validator, amount, 'auto'));
    await until('the power shrinks', async () => ((await power()) === 10n ? true : undefined));
    const { block } = await comet.block();
    const [carrier = new Uint8Array()] = block.txs;
    expect(isCarrier(carrier)).toBe(true);
    // The VRF proof of the one validator, with its key, after the marker.
    const key = (await comet.validators({})).validators[0]?.pubkey?.data;
    expect(carrier.subarray(-EXTENSION_BYTES).subarray(0, 32)).toEqual(key);
  });
});
