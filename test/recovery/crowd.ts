import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  makeIdentity,
  type ValidatorHome,
  validatorHome,
  writeConfig,
} from '@semblance/consensus/cometbft/home';
import {
  createGenesis,
  type GenesisJson,
  genesisValidator,
  writeGenesis,
} from '@semblance/consensus/genesis';
import { toBech32 } from '@semblance/core/bech32';
import { fromUint64 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { genesisOf, genesisValidator as stakeOf } from '../../packages/chain/test/support/chain.ts';
import { FUNDED, mlGenesis } from '../../packages/chain/test/support/ml.ts';
import { wallet } from '../../packages/chain/test/support/wallet.ts';
import { freePorts } from '../../packages/cli/src/network/ports.ts';
import { type TestValidator, testValidator } from '../cometbft/network.ts';

/* Validators of a chain on which many hold coins from its genesis on. */

export const CHAIN_ID = 'semblance-crowd-1';
const HOST = '127.0.0.1';

export interface CrowdOptions {
  readonly validators: number;
  /** Accounts that hold coins and do nothing: two keys of state each. */
  readonly holders: number;
  readonly blockMs: number;
  readonly snapshotEvery: number;
}

export interface Crowd {
  readonly validators: readonly TestValidator[];
  /** Where their peers reach them, as `ID@HOST:PORT`. */
  readonly peers: readonly string[];
  readonly genesisFile: string;
  readonly genesisBytes: number;
  /** A home for one more node, and ports for it. */
  readonly newcomer: { readonly paths: ValidatorHome; readonly rpc: string; readonly p2p: string };
  remove(): Promise<void>;
}

/** Writes genesis and homes; nothing runs yet. */
export async function foundCrowd(options: CrowdOptions): Promise<Crowd> {
  const { validators: count, blockMs, snapshotEvery } = options;
  const root = mkdtempSync(join(tmpdir(), 'semblance-crowd-'));
  const homes = Array.from({ length: count }, (_, i) => validatorHome(join(root, String(i))));
  const identities = homes.map(makeIdentity);
  const ports = await freePorts(2 * count + 2);
  const addressOf = (port: number) => `${HOST}:${ports[port]}`;
  const peers = identities.map(({ nodeId }, i) => `${nodeId}@${addressOf(count + i)}`);
  const genesisFile = join(root, 'genesis.json');
  const keys = identities.map(({ key }) => key.publicKey);
  writeGenesis(genesisFile, crowdGenesis(keys, options.holders));
  for (const [i, paths] of homes.entries()) {
    copyFileSync(genesisFile, paths.genesis);
    writeConfig(paths, {
      moniker: `validator-${i}`,
      application: paths.socket,
      rpc: `tcp://${addressOf(i)}`,
      p2p: `tcp://${addressOf(count + i)}`,
      peers: peers.filter((_, j) => i !== j),
      blockMs,
    });
  }
  const args = ['--snapshot-every', String(snapshotEvery)];
  const validators = homes.map((paths, i) => testValidator(paths, `http://${addressOf(i)}`, args));
  return {
    validators,
    peers,
    genesisFile,
    genesisBytes: statSync(genesisFile).size,
    newcomer: {
      paths: validatorHome(join(root, 'newcomer')),
      rpc: `tcp://${addressOf(2 * count)}`,
      p2p: `tcp://${addressOf(2 * count + 1)}`,
    },
    async remove() {
      await Promise.all(validators.map((validator) => validator.stop()));
      rmSync(root, { recursive: true });
    },
  };
}

/** Everybody of the ml tests is funded too. */
export function crowdGenesis(publicKeys: readonly Uint8Array[], holders: number): GenesisJson {
  const app = genesisOf({
    balances: FUNDED,
    ml: mlGenesis(),
    staking: {
      validators: publicKeys.map((publicKey, i) => ({
        ...stakeOf(wallet(`validator ${i}`)),
        consensus_pubkey: Buffer.from(publicKey).toString('base64'),
      })),
    },
  });
  const crowd = Array.from({ length: holders }, (_, i) => ({
    address: toBech32('sem', sha256(fromUint64(BigInt(i))).slice(0, 20)),
    coins: [{ denom: 'usem', amount: String(1_000_000 + i) }],
  }));
  return createGenesis({
    chainId: CHAIN_ID,
    timeMs: BigInt(Date.now()),
    validators: publicKeys.map((publicKey, i) => genesisValidator(publicKey, `validator ${i}`)),
    appState: { ...app, bank: { balances: [...app.bank.balances, ...crowd] } },
  });
}
