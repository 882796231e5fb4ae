import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApplication } from '@semblance/chain/app';
import { brokenInvariants } from '@semblance/chain/invariants';
import { LmdbStore } from '@semblance/consensus/lmdb-store';
import { toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { openDatabase, openEnvironment } from '../../packages/consensus/src/store/environment.ts';
import type { Recording } from './recording.ts';

/** What a recording comes to when nothing disturbs it. */
export interface Replayed {
  /** Application hash after genesis and after each height, hexadecimal. */
  readonly appHashes: readonly string[];
  /** SHA-256 over everything of a block's results that its engine hashes, by height from 1 on. */
  readonly results: readonly string[];
  readonly brokenInvariants: readonly unknown[];
}

/** Executes a recording with a fresh application on a fresh disk. */
export async function replay({ genesis, blocks }: Recording): Promise<Replayed> {
  const directory = mkdtempSync(join(tmpdir(), 'semblance-replay-'));
  const environment = openEnvironment(directory);
  try {
    const store = new LmdbStore(openDatabase(environment, 'state'));
    const app = createApplication({ store });
    const appHashes = [toHex(app.initChain(genesis).appHash)];
    const results: string[] = [];
    for (const block of blocks) {
      const { appHash, txResults } = app.finalizeBlock(block);
      app.commit();
      appHashes.push(toHex(appHash));
      const hashed = txResults.map(({ code, data, gasWanted, gasUsed }) =>
        [code, toHex(data), gasWanted, gasUsed].join(),
      );
      results.push(toHex(sha256(Buffer.from(hashed.join(';')))));
    }
    return { appHashes, results, brokenInvariants: brokenInvariants(store) };
  } finally {
    await environment.close();
    rmSync(directory, { recursive: true });
  }
}
