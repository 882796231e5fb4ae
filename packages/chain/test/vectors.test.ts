import { readFileSync } from 'node:fs';
import { fromHex, toHex } from '@semblance/core/bytes';
import { expect, test } from 'vitest';
import { aminoMessage } from '../src/amino.ts';
import { createApplication } from '../src/app.ts';
import type { AppState } from '../src/genesis.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { canonicalJson } from '../src/tx/amino-json.ts';
import { ENGINE_GENESIS } from './support/chain.ts';

interface Replay {
  readonly genesis: {
    readonly chain_id: string;
    readonly time_ms: string;
    readonly app_state: AppState;
  };
  readonly genesis_app_hash: string;
  readonly blocks: readonly {
    readonly height: string;
    readonly time_ms: string;
    readonly proposer: string;
    readonly last_commit: readonly {
      readonly address: string;
      readonly power: string;
      readonly signed: boolean;
    }[];
    readonly txs: readonly string[];
    readonly app_hash: string;
  }[];
}

interface Amino {
  readonly type_url: string;
  readonly value: string;
  readonly amino: string;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/chain/${name}`, import.meta.url), 'utf8'));

test('recorded blocks come to the recorded hashes', () => {
  const { genesis, genesis_app_hash, blocks } = read('replay.json') as Replay;
  const app = createApplication({ store: createMemoryStore() });
  const { appHash } = app.initChain({
    chainId: genesis.chain_id,
    timeMs: BigInt(genesis.time_ms),
    ...ENGINE_GENESIS,
    appState: genesis.app_state,
  });
  expect(toHex(appHash)).toBe(genesis_app_hash);
  for (const block of blocks) {
    const { appHash } = app.finalizeBlock({
      height: BigInt(block.height),
      timeMs: BigInt(block.time_ms),
      proposer: fromHex(block.proposer),
      lastCommit: block.last_commit.map(({ address, power, signed }) => ({
        validator: { address: fromHex(address), power: BigInt(power) },
        signed,
      })),
      misbehavior: [],
      txs: block.txs.map((tx) => fromHex(tx)),
    });
    app.commit();
    expect(toHex(appHash)).toBe(block.app_hash);
  }
});

test.each(read('amino.json') as Amino[])(
  'amino form of $type_url',
  ({ type_url, value, amino }) => {
    const message = aminoMessage(type_url, fromHex(value));
    expect(message).toBeDefined();
    const { type, value: json } = message as NonNullable<typeof message>;
    expect(canonicalJson({ type, value: json })).toBe(amino);
  },
);
