import type { Application } from '@semblance/chain/application';
import type { Store } from '@semblance/chain/store';
import { expect, it } from 'vitest';
import { runSolo, type SoloOptions } from '../src/solo/run.ts';
import { generateValidatorKey } from '../src/validator-key.ts';
import { kvstore } from './fixtures/kvstore.ts';
import { kvstoreGenesis, kvstoreOptions, lose, rpc, startKvstore, txOf } from './fixtures/solo.ts';

async function makeBlocks(options: SoloOptions, texts: readonly string[]): Promise<void> {
  const chain = await runSolo(options, kvstore);
  for (const text of texts) await rpc(chain.rpcUrl, 'broadcast_tx_commit', { tx: txOf(text) });
  await chain.stop();
}

async function appHashes(url: string): Promise<string[]> {
  const { result } = await rpc(url, 'status');
  const hashes: string[] = [];
  for (let height = 1; height <= Number(result.sync_info.latest_block_height); height++) {
    const { result: results } = await rpc(url, 'block_results', { height: `${height}` });
    hashes.push(results.app_hash);
  }
  return hashes;
}

it('continues where it stopped', async () => {
  const options = kvstoreOptions();
  await makeBlocks(options, ['a=1', 'b=2']);
  const { rpcUrl } = await startKvstore(options);
  expect((await rpc(rpcUrl, 'status')).result.sync_info.latest_block_height).toBe('3');
  const { result } = await rpc(rpcUrl, 'broadcast_tx_commit', { tx: txOf('c=3') });
  expect(result.height).toBe('4');
  const data = Buffer.from('a').toString('hex');
  const { response } = (await rpc(rpcUrl, 'abci_query', { path: '/store', data })).result;
  expect(Buffer.from(response.value, 'base64').toString()).toBe('1');
});

it('puts what waits into a last block', async () => {
  const options = kvstoreOptions();
  const chain = await runSolo(options, kvstore);
  const sent = await rpc(chain.rpcUrl, 'broadcast_tx_sync', { tx: txOf('last=1') });
  await chain.stop();
  const { rpcUrl } = await startKvstore(options);
  const { result } = await rpc(rpcUrl, 'tx_search', { query: `tx.hash='${sent.result.hash}'` });
  expect(result.total_count).toBe('1');
});

it('replays everything for an application that lost its state', async () => {
  const options = kvstoreOptions();
  const before = await runSolo(options, kvstore);
  for (const text of ['a=1', 'late=1', 'b=2']) {
    await rpc(before.rpcUrl, 'broadcast_tx_commit', { tx: txOf(text) });
  }
  const hashes = await appHashes(before.rpcUrl);
  await before.stop();
  await lose(options.home, ['state']);
  const { rpcUrl } = await startKvstore(options);
  expect(await appHashes(rpcUrl)).toEqual(hashes);
  const data = Buffer.from('b').toString('hex');
  const { response } = (await rpc(rpcUrl, 'abci_query', { path: '/store', data })).result;
  expect(Buffer.from(response.value, 'base64').toString()).toBe('2');
});

it('stores no block whose state was not written with it', async () => {
  const options = kvstoreOptions();
  await makeBlocks(options, ['a=1']);
  const diesAtCommit = (store: Store): Application => {
    const app = kvstore(store);
    return {
      ...app,
      commit() {
        throw new Error('killed before commit');
      },
    };
  };
  const dying = await runSolo(options, diesAtCommit);
  const stopped = expect(dying.stopped).rejects.toMatchObject({ code: 'BLOCK_FAILED' });
  await rpc(dying.rpcUrl, 'broadcast_tx_sync', { tx: txOf('b=2') });
  await stopped;
  const { rpcUrl } = await startKvstore(options);
  expect((await rpc(rpcUrl, 'status')).result.sync_info.latest_block_height).toBe('2');
  const { result } = await rpc(rpcUrl, 'broadcast_tx_commit', { tx: txOf('b=2') });
  expect(result.height).toBe('3');
});

it('leaves no block that the application could not execute', async () => {
  const options = kvstoreOptions();
  const poisoned = (store: Store): Application => {
    const app = kvstore(store);
    return {
      ...app,
      finalizeBlock(block) {
        if (block.txs.length > 0) throw new Error('poison');
        return app.finalizeBlock(block);
      },
    };
  };
  const chain = await runSolo(options, poisoned);
  const stopped = expect(chain.stopped).rejects.toMatchObject({
    code: 'BLOCK_FAILED',
    cause: expect.objectContaining({ message: 'poison' }),
  });
  await rpc(chain.rpcUrl, 'broadcast_tx_sync', { tx: txOf('a=1') });
  await stopped;
  const { rpcUrl } = await startKvstore(options);
  expect((await rpc(rpcUrl, 'status')).result.sync_info.latest_block_height).toBe('1');
});

it('refuses an application that computes something else', async () => {
  const options = kvstoreOptions();
  await makeBlocks(options, ['a=1']);
  await lose(options.home, ['state']);
  const other = (store: Store): Application => {
    const app = kvstore(store);
    return {
      ...app,
      finalizeBlock: (block) => ({ ...app.finalizeBlock(block), appHash: new Uint8Array(32) }),
    };
  };
  await expect(runSolo(options, other)).rejects.toMatchObject({ code: 'APP_HASH_MISMATCH' });
  const results = (store: Store): Application => {
    const app = kvstore(store);
    return {
      ...app,
      finalizeBlock(block) {
        const result = app.finalizeBlock(block);
        return { ...result, txResults: result.txResults.map((tx) => ({ ...tx, gasUsed: 9n })) };
      },
    };
  };
  await expect(runSolo(options, results)).rejects.toMatchObject({ code: 'APP_HASH_MISMATCH' });
});

it('refuses an application that is ahead of the blocks', async () => {
  const options = kvstoreOptions();
  await makeBlocks(options, ['a=1']);
  await lose(options.home, ['metas', 'commits', 'results', 'txs']);
  await expect(runSolo(options, kvstore)).rejects.toMatchObject({ code: 'APP_AHEAD' });
});

it('refuses another genesis, another key and a second process', async () => {
  const options = kvstoreOptions();
  await makeBlocks(options, []);
  const changed = { ...options.genesis, app_state: { changed: true } };
  await expect(runSolo({ ...options, genesis: changed }, kvstore)).rejects.toMatchObject({
    code: 'GENESIS_MISMATCH',
  });
  const validatorKey = generateValidatorKey();
  await expect(runSolo({ ...options, validatorKey }, kvstore)).rejects.toMatchObject({
    code: 'NOT_THE_VALIDATOR',
  });
  const nobody = { ...kvstoreGenesis(validatorKey.publicKey), validators: [] };
  await expect(runSolo({ ...options, genesis: nobody }, kvstore)).rejects.toMatchObject({
    code: 'NOT_THE_VALIDATOR',
  });
  await startKvstore(options);
  await expect(runSolo(options, kvstore)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
});

it('fails cleanly when its port is taken, and can start afterwards', async () => {
  const { rpcUrl } = await startKvstore();
  const port = Number(new URL(rpcUrl).port);
  const options = kvstoreOptions();
  const taken = { ...options, rpc: { host: '127.0.0.1', port } };
  await expect(runSolo(taken, kvstore)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await startKvstore(options);
});

it('stops when its signal aborts', async () => {
  const controller = new AbortController();
  const options = kvstoreOptions();
  const chain = await runSolo({ ...options, signal: controller.signal }, kvstore);
  controller.abort();
  await chain.stopped;
  await chain.stop();
  await startKvstore(options);
  await expect(runSolo({ ...options, signal: controller.signal }, kvstore)).rejects.toThrow();
});

it('makes empty blocks with rising times when nothing happens', async () => {
  const { rpcUrl } = await startKvstore(kvstoreOptions({ emptyBlockMs: 5 }));
  let latest = 0;
  for (const deadline = Date.now() + 10_000; latest < 6 && Date.now() < deadline; ) {
    latest = Number((await rpc(rpcUrl, 'status')).result.sync_info.latest_block_height);
  }
  expect(latest).toBeGreaterThanOrEqual(6);
  const { result } = await rpc(rpcUrl, 'blockchain', { minHeight: '1', maxHeight: '6' });
  const times = result.block_metas.map((meta: { header: { time: string } }) =>
    Date.parse(meta.header.time),
  );
  for (let i = 1; i < times.length; i++) expect(times[i - 1]).toBeGreaterThan(times[i]);
});
