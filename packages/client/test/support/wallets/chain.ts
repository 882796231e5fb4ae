import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { startApi } from '@semblance/consensus/api';
import { createGenesis, genesisValidator } from '@semblance/consensus/genesis';
import { startSolo } from '@semblance/consensus/solo';
import { generateValidatorKey } from '@semblance/consensus/validator-key';
import { createKey } from '../../../src/keys.ts';

export const MNEMONIC = 'test test test test test test test test test test test junk';
export const CHAIN_ID = 'semblance-test-1';
export const MODEL = 'emoji-64';
const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** A chain as wallets find it: RPC and REST, a model to ask, and the mnemonic's first account. */
export interface WalletChain {
  readonly rpcUrl: string;
  readonly restUrl: string;
  readonly address: string;
  /** Operator address of the validator that one can delegate to. */
  readonly validator: string;
  stop(): Promise<void>;
}

export async function startWalletChain(): Promise<WalletChain> {
  const wallet = await DirectSecp256k1HdWallet.fromMnemonic(MNEMONIC, { prefix: 'sem' });
  const address = (await wallet.getAccounts())[0]?.address ?? '';
  const operator = await createKey();
  const home = await mkdtemp(join(tmpdir(), 'semblance-wallets-'));
  const validatorKey = generateValidatorKey();
  const chain = await startSolo({
    home,
    validatorKey,
    rpc: LOOPBACK,
    emptyBlockMs: 250,
    genesis: createGenesis({
      chainId: CHAIN_ID,
      timeMs: BigInt(Date.now()),
      validators: [genesisValidator(validatorKey.publicKey)],
      appState: {
        auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
        bank: { balances: [{ address, coins: [{ denom: 'usem', amount: '1000000000' }] }] },
        staking: {
          validators: [
            {
              operator: operator.address('sem'),
              consensus_pubkey: Buffer.from(validatorKey.publicKey).toString('base64'),
              moniker: 'solo',
              self_delegation: '10000000',
            },
          ],
        },
        ml: { params: { bond_denom: 'usem' }, models: [model(address)] },
      },
    }),
  });
  const report = (error: unknown) => console.error(error);
  const api = await startApi({ call: chain.call, report, rest: LOOPBACK, grpc: LOOPBACK });
  return {
    rpcUrl: chain.rpcUrl,
    restUrl: api.restUrl,
    address,
    validator: operator.address('semvaloper'),
    async stop() {
      await api.close();
      await chain.stop();
      await rm(home, { recursive: true });
    },
  };
}

function model(owner: string) {
  return {
    id: MODEL,
    owner,
    weights_root: Buffer.alloc(32, 1).toString('base64'),
    profile: { hash: 'average', threshold_bits: 2, committee_sizes: [1, 3] },
    limits: {
      size_multiple: 8,
      min_size: 64,
      max_size: 64,
      max_steps: 50,
      schedulers: ['ddim'],
      modes: ['text_to_image'],
    },
    min_fee: '1000',
  };
}
