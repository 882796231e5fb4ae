import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppState } from '@semblance/chain/genesis';
import { createGenesis, genesisValidator } from '@semblance/consensus/genesis';
import { type SoloChain, startSolo } from '@semblance/consensus/solo';
import { generateValidatorKey } from '@semblance/consensus/validator-key';
import { createKey, type Key } from '../../src/keys.ts';

export const CHAIN_ID = 'semblance-test-1';
export const PREFIX = 'sem';

/** A real chain of one producer that can be stopped and started again on the same port. */
export interface TestNetwork {
  readonly rpcUrl: string;
  /** Holds coins. */
  readonly keys: readonly Key[];
  readonly producer: Key;
  stop(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startNetwork(
  funded: number,
  ml: (owner: string) => AppState['ml'] = () => ({}),
  balance = 1_000_000_000n,
): Promise<TestNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'semblance-chain-'));
  const validatorKey = generateValidatorKey();
  const keys = await Promise.all(Array.from({ length: funded }, () => createKey()));
  const producer = await createKey();
  const appState: AppState = {
    auth: { params: { bech32_prefix: PREFIX, min_gas_price_milli: '1' } },
    bank: {
      balances: keys.map((key) => ({
        address: key.address(PREFIX),
        coins: [{ denom: 'usem', amount: balance.toString() }],
      })),
    },
    staking: {
      validators: [
        {
          operator: producer.address(PREFIX),
          consensus_pubkey: Buffer.from(validatorKey.publicKey).toString('base64'),
          moniker: 'solo',
          self_delegation: '10000000',
        },
      ],
    },
    ml: ml(producer.address(PREFIX)),
  };
  const genesis = createGenesis({
    chainId: CHAIN_ID,
    timeMs: BigInt(Date.now()),
    validators: [genesisValidator(validatorKey.publicKey)],
    appState,
  });
  const run = (port: number): Promise<SoloChain> =>
    startSolo({ home, genesis, validatorKey, rpc: { host: '127.0.0.1', port }, emptyBlockMs: 250 });
  let chain: SoloChain | undefined = await run(0);
  const { rpcUrl } = chain;
  const stop = async (): Promise<void> => {
    await chain?.stop();
    chain = undefined;
  };
  return {
    rpcUrl,
    keys,
    producer,
    stop,
    start: async () => {
      chain ??= await run(Number(new URL(rpcUrl).port));
    },
    remove: async () => {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The funded key at an index. */
export function keyAt(network: TestNetwork, index: number): Key {
  const key = network.keys[index];
  if (!key) throw new RangeError(`no key ${index}`);
  return key;
}
