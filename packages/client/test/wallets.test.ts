import { EventEmitter, once } from 'node:events';
import {
  checkChainFeatures,
  checkRestConnectivity,
  checkRPCConnectivity,
  validateBasicChainInfoType,
} from '@keplr-wallet/chain-validator';
import { toHex } from '@semblance/core/bytes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keplrChainInfo } from '../src/chain-info.ts';
import { jobIdOf, jobRequest, randomNonce } from '../src/job.ts';
import { CHAIN_ID, MODEL, startWalletChain, type WalletChain } from './support/wallets/chain.ts';
import { type ConnectWallet, SIGN_MODES, type WalletClient } from './support/wallets/client.ts';
import { connectCosmJs } from './support/wallets/cosmjs.ts';
import { connectFeather } from './support/wallets/feather.ts';
import { connectInterchain } from './support/wallets/interchain.ts';

/* Clients of other people, as they come from npm, all put through the same. */

const CLIENTS: readonly (readonly [name: string, connect: ConnectWallet])[] = [
  ['CosmJS', connectCosmJs],
  ['feather.js', connectFeather],
  ['InterchainJS', connectInterchain],
];

const MODE_NAMES = { direct: 'SIGN_MODE_DIRECT', amino: 'SIGN_MODE_LEGACY_AMINO_JSON' };

let chain: WalletChain;
beforeAll(async () => {
  chain = await startWalletChain();
});
afterAll(() => chain.stop());

describe.each(CLIENTS)('%s', (_name, connect) => {
  let client: WalletClient;
  const heard = new Heard();
  beforeAll(async () => {
    client = await connect(chain);
    await client.watch?.((hash) => heard.add(hash.toUpperCase()));
  });
  afterAll(() => client.close());

  it('connects', async () => {
    expect(await client.chainId()).toBe(CHAIN_ID);
  });

  it('reads a balance', async () => {
    expect(await client.balance()).toBe(await usem(chain));
  });

  it.each(SIGN_MODES)('submits a job in %s mode, and hears of it', async (mode) => {
    const request = job(chain.address);
    const submitted = (await client.submit(request, mode)).toUpperCase();
    if (client.watch !== undefined) await heard.has(submitted);
    const found = await rest(chain, `/semblance/ml/v1/jobs/${toHex(jobIdOf(request))}`);
    expect(found.job.request).toMatchObject({ requester: chain.address, model: MODEL });
    const sent = await rest(chain, `/cosmos/tx/v1beta1/txs/${submitted}`);
    expect(sent.tx_response).toMatchObject({ code: 0, txhash: submitted });
    expect(sent.tx.auth_info.signer_infos[0].mode_info.single.mode).toBe(MODE_NAMES[mode]);
  });

  it.each(SIGN_MODES)('delegates in %s mode', async (mode) => {
    const before = await delegated(chain);
    const sent = (await client.delegate('2500000', mode)).toUpperCase();
    expect(await delegated(chain)).toBe(before + 2_500_000);
    const { tx } = await rest(chain, `/cosmos/tx/v1beta1/txs/${sent}`);
    expect(tx.body.messages[0]['@type']).toBe('/cosmos.staking.v1beta1.MsgDelegate');
    expect(tx.auth_info.signer_infos[0].mode_info.single.mode).toBe(MODE_NAMES[mode]);
  });
});

describe("Keplr's chain validator", () => {
  const info = () =>
    keplrChainInfo({
      chainId: CHAIN_ID,
      chainName: 'Semblance',
      rpc: chain.rpcUrl,
      rest: chain.restUrl,
      prefix: 'sem',
      denom: 'usem',
    });

  it('takes what a wallet is told of the chain', async () => {
    expect(await validateBasicChainInfoType(info())).toMatchObject({ chainId: CHAIN_ID });
  });

  it('reaches RPC, WebSocket and REST', async () => {
    await checkRPCConnectivity(CHAIN_ID, chain.rpcUrl);
    await checkRestConnectivity(CHAIN_ID, chain.restUrl);
    await expect(checkRestConnectivity('other-1', chain.restUrl)).rejects.toThrow(/chain id/);
  });

  it('finds what the chain can do', async () => {
    expect(await checkChainFeatures(info())).toEqual([
      'query:/cosmos/bank/v1beta1/spendable_balances',
    ]);
  });
});

/** Names that come one by one, and who waits for one of them. */
class Heard {
  readonly #events = new EventEmitter();
  readonly #names = new Set<string>();

  add(name: string): void {
    this.#names.add(name);
    this.#events.emit(name);
  }

  async has(name: string): Promise<void> {
    if (!this.#names.has(name)) await once(this.#events, name);
  }
}

function job(requester: string) {
  return jobRequest({
    requester,
    nonce: randomNonce(),
    model: MODEL,
    committeeSize: 3,
    fee: '1000',
    deadlineMs: 60_000n,
    task: {
      case: 'textToImage',
      value: {
        prompt: 'a "blue" fox',
        seed: 7n,
        steps: 20,
        width: 64,
        height: 64,
        scheduler: 'ddim',
      },
    },
  });
}

async function usem({ address, restUrl }: WalletChain): Promise<string> {
  const path = `/cosmos/bank/v1beta1/balances/${address}/by_denom?denom=usem`;
  return (await rest({ restUrl }, path)).balance.amount;
}

/** What the account has at the validator; 0 before its first delegation. */
async function delegated({ address, validator, restUrl }: WalletChain): Promise<number> {
  const path = `/cosmos/staking/v1beta1/validators/${validator}/delegations/${address}`;
  return Number((await rest({ restUrl }, path)).delegation_response?.balance.amount ?? '0');
}

// biome-ignore lint/suspicious/noExplicitAny: the tests look at many shapes of JSON
async function rest({ restUrl }: Pick<WalletChain, 'restUrl'>, path: string): Promise<any> {
  return (await fetch(`${restUrl}${path}`)).json();
}
