import { sha256 } from '@semblance/core/sha256';
import { BaseAccount } from 'cosmjs-types/cosmos/auth/v1beta1/auth';
import { QueryAccountRequest, QueryAccountResponse } from 'cosmjs-types/cosmos/auth/v1beta1/query';
import { QueryBalanceRequest, QueryBalanceResponse } from 'cosmjs-types/cosmos/bank/v1beta1/query';
import { createApplication } from '../../src/app.ts';
import type {
  Application,
  BlockResult,
  DecidedBlock,
  Genesis,
  Misbehavior,
  TxResult,
} from '../../src/application.ts';
import type { AppState } from '../../src/genesis.ts';
import type { GenesisValidatorJson } from '../../src/modules/staking/genesis.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { consensusAddress, ValidatorSets } from './engine.ts';
import { type EncodedMessage, signedTx, type TxOptions } from './tx.ts';
import { type Wallet, wallet } from './wallet.ts';

export const CHAIN_ID = 'semblance-test-1';
export const GENESIS_TIME = 1_700_000_000_000n;
export const PRODUCER = wallet('producer');
/** The validator that the producer operates from genesis on. */
const VALIDATOR = genesisValidator(PRODUCER);

/** What a genesis says beside the chain's id, its time and the application's state. */
export const ENGINE_GENESIS = {
  block: { maxBytes: 4_194_304n, maxGas: -1n },
  validators: [{ publicKey: consensusKeyOf(PRODUCER), power: 10n }],
};

/** A key to sign blocks with. Nobody signs here, so that any 32 bytes will do. */
export function consensusKeyOf({ bytes }: Wallet): Uint8Array {
  return sha256(bytes);
}

/** A validator in genesis, by default with 10 units of power. */
export function genesisValidator(operator: Wallet, stake = 10_000_000n): GenesisValidatorJson {
  return {
    operator: operator.address,
    consensus_pubkey: Buffer.from(consensusKeyOf(operator)).toString('base64'),
    moniker: 'one',
    self_delegation: stake.toString(),
  };
}

export interface TestChainOptions {
  readonly store?: Store;
  readonly balances?: readonly { readonly of: Wallet; readonly usem: bigint }[];
  readonly ml?: AppState['ml'];
  /** Default: one validator, the producer's. */
  readonly staking?: AppState['staking'];
  readonly slashing?: AppState['slashing'];
  readonly distribution?: AppState['distribution'];
  readonly gov?: AppState['gov'];
  /** Default: no limit. */
  readonly maxBlockGas?: bigint;
}

/** What the engine tells with a block. By default all have signed and nobody misbehaved. */
interface Said {
  readonly isSigned?: (address: Uint8Array) => boolean;
  readonly misbehavior?: readonly Misbehavior[];
}

/** A chain driven block by block, with its clock in the test's hands. */
export interface TestChain {
  readonly app: Application;
  readonly store: Store;
  /** Every block so far, to replay on another store. */
  readonly blocks: readonly DecidedBlock[];
  readonly genesis: Genesis & { readonly appState: AppState };
  now(): bigint;
  /** Makes and commits a block `afterMs` later, with what the engine has to say. */
  block(txs: readonly Uint8Array[], afterMs?: bigint, said?: Said): BlockResult;
  /** A transaction of one signer, with the sequence that stands in committed state plus `ahead`. */
  tx(
    signer: Wallet,
    messages: readonly EncodedMessage[],
    options?: Partial<TxOptions>,
    ahead?: bigint,
  ): Uint8Array;
  /** Signs, puts into a block of its own and returns the result; makes the next block too if it is awaited. */
  deliver(
    signer: Wallet,
    messages: readonly EncodedMessage[],
    options?: Partial<TxOptions>,
  ): TxResult;
  account(address: string): BaseAccount;
  balance(address: string): bigint;
}

export function genesisOf(options: TestChainOptions): AppState {
  const { balances = [], ml = {}, staking, slashing = {}, distribution = {}, gov = {} } = options;
  return {
    auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
    bank: {
      balances: balances.map(({ of, usem }) => ({
        address: of.address,
        coins: [{ denom: 'usem', amount: usem.toString() }],
      })),
    },
    staking: { validators: [VALIDATOR], ...staking },
    slashing,
    distribution,
    gov,
    ml,
  };
}

export function startChain(options: TestChainOptions = {}): TestChain {
  const { store = createMemoryStore() } = options;
  const app = createApplication({ store });
  const appState = genesisOf(options);
  const genesis = {
    chainId: CHAIN_ID,
    timeMs: GENESIS_TIME,
    block: { ...ENGINE_GENESIS.block, maxGas: options.maxBlockGas ?? -1n },
    validators: (appState.staking?.validators ?? []).map((validator) => ({
      publicKey: Buffer.from(validator.consensus_pubkey, 'base64'),
      power: BigInt(validator.self_delegation) / 1_000_000n,
    })),
    appState,
  };
  app.initChain(genesis);
  const sets = new ValidatorSets(genesis.validators);
  const blocks: DecidedBlock[] = [];
  let timeMs = GENESIS_TIME;

  const account = (address: string): BaseAccount => {
    const request = QueryAccountRequest.encode({ address }).finish();
    const { code, log, value } = app.query('/cosmos.auth.v1beta1.Query/Account', request);
    if (code !== 0) throw new Error(log);
    const { account } = QueryAccountResponse.decode(value);
    return BaseAccount.decode(account?.value ?? new Uint8Array());
  };

  const block: TestChain['block'] = (txs, afterMs = 1000n, { isSigned, misbehavior = [] } = {}) => {
    timeMs += afterMs;
    const height = app.info().height + 1n;
    const proposer = consensusAddress(sets.next[0]?.publicKey ?? new Uint8Array());
    const lastCommit = sets.votes(isSigned);
    const decided = { height, timeMs, proposer, lastCommit, misbehavior, txs };
    const result = app.finalizeBlock(decided);
    app.commit();
    sets.advance(result.validatorUpdates);
    blocks.push(decided);
    return result;
  };

  const tx: TestChain['tx'] = (signer, messages, txOptions = {}, ahead = 0n) => {
    const { accountNumber, sequence } = account(signer.address);
    const signers = [{ wallet: signer, accountNumber, sequence: sequence + ahead }];
    return signedTx(messages, signers, { chainId: CHAIN_ID, ...txOptions });
  };

  return {
    app,
    store,
    blocks,
    genesis,
    now: () => timeMs,
    block,
    tx,
    deliver: (signer, messages, txOptions) => {
      const { txResults, awaitsNext } = block([tx(signer, messages, txOptions)]);
      if (awaitsNext) block([], 1n);
      return txResults[0] as TxResult;
    },
    account,
    balance: (address) => {
      const request = QueryBalanceRequest.encode({ address, denom: 'usem' }).finish();
      const { value } = app.query('/cosmos.bank.v1beta1.Query/Balance', request);
      return BigInt(QueryBalanceResponse.decode(value).balance?.amount ?? '0');
    },
  };
}
