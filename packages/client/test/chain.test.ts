import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chain, connect } from '../src/chain.ts';
import { ChainError, UnreachableError } from '../src/errors.ts';
import type { Notice } from '../src/feed.ts';
import { createKey } from '../src/keys.ts';
import { send } from '../src/messages.ts';
import { CHAIN_ID, keyAt, PREFIX, startNetwork, type TestNetwork } from './support/solo.ts';

let network: TestNetwork;
let chain: Chain;

beforeAll(async () => {
  network = await startNetwork(3);
  chain = await connect(network.rpcUrl);
});
afterAll(async () => {
  chain.close();
  await network.remove();
});

const usem = (amount: bigint) => [{ denom: 'usem', amount: amount.toString() }];
const fresh = async () => (await createKey()).address(PREFIX);

describe('a chain', () => {
  it('tells what it is', async () => {
    expect(chain).toMatchObject({ chainId: CHAIN_ID, denom: 'usem' });
    const { height } = await chain.query.status();
    const block = await chain.query.block(1n);
    expect(height).toBeGreaterThanOrEqual(1n);
    expect(block).toMatchObject({ height: 1n, header: { chain_id: CHAIN_ID } });
    expect(await chain.query.account(await fresh())).toBeUndefined();
    expect(await chain.query.model('none')).toBeUndefined();
    expect(await chain.query.job(new Uint8Array(32))).toBeUndefined();
    expect(await chain.query.jobs()).toMatchObject({ items: [] });
  });

  it('moves coins and tells the block', async () => {
    const signer = keyAt(network, 0).signer(PREFIX);
    const to = await fresh();
    const before = await chain.query.balance(signer.address, 'usem');
    const outcome = await chain.broadcast(signer, [send(signer.address, to, usem(1000n))]);
    expect(outcome.height).toBeGreaterThan(0n);
    expect(outcome.responses).toHaveLength(1);
    expect(await chain.query.balance(to, 'usem')).toBe(1000n);
    const after = await chain.query.balance(signer.address, 'usem');
    const fee = before - after - 1000n;
    expect(fee).toBe((outcome.gasWanted + 999n) / 1000n);
    expect(await chain.query.tx(outcome.hash)).toMatchObject({ hash: outcome.hash, code: 0 });
  });

  it('takes fifty transactions of one signer at once', async () => {
    const signer = keyAt(network, 0).signer(PREFIX);
    const to = await fresh();
    const one = () => chain.broadcast(signer, [send(signer.address, to, usem(1n))]);
    const outcomes = await Promise.all(Array.from({ length: 50 }, one));
    expect(new Set(outcomes.map(({ hash }) => hash)).size).toBe(50);
    expect(await chain.query.balance(to, 'usem')).toBe(50n);
  });

  it('recovers when somebody else used the sequence', async () => {
    const signer = keyAt(network, 1).signer(PREFIX);
    const to = await fresh();
    const other = await connect(network.rpcUrl);
    for (const each of [chain, other, chain, other]) {
      await each.broadcast(signer, [send(signer.address, to, usem(1n))], { gas: 200_000n });
    }
    other.close();
    expect(await chain.query.balance(to, 'usem')).toBe(4n);
  });

  it('throws what the chain refuses, before and in the block, and goes on', async () => {
    const signer = keyAt(network, 1).signer(PREFIX);
    const to = await fresh();
    const tooMuch = [send(signer.address, to, usem(10n ** 15n))];
    const refused = await chain.broadcast(signer, tooMuch).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ChainError);
    expect(refused).toMatchObject({ chainCode: 5, codespace: 'sdk' });
    const failed = chain.broadcast(signer, tooMuch, { gas: 200_000n });
    await expect(failed).rejects.toMatchObject({ chainCode: 5 });
    await chain.broadcast(signer, [send(signer.address, to, usem(1n))]);
  });

  it('names an account that does not exist', async () => {
    const signer = (await createKey()).signer(PREFIX);
    const sent = chain.broadcast(signer, [send(signer.address, signer.address, usem(1n))]);
    await expect(sent).rejects.toThrow(/does not exist/);
  });

  it('keeps listening and sending while the chain restarts', async () => {
    const notices: Notice[] = [];
    let resyncs = 0;
    const stop = chain.subscribe({
      onNotice: (notice) => notices.push(notice),
      onResync: () => resyncs++,
    });
    await expect.poll(() => notices.length, { timeout: 5_000 }).toBeGreaterThan(1);
    const signer = keyAt(network, 2).signer(PREFIX);
    const to = await fresh();
    await network.stop();
    const sent = chain.broadcast(signer, [send(signer.address, to, usem(7n))], { gas: 200_000n });
    await network.start();
    await sent;
    expect(await chain.query.balance(to, 'usem')).toBe(7n);
    await expect.poll(() => resyncs, { timeout: 10_000 }).toBeGreaterThan(1);
    stop();
  });

  it('stops waiting when told to', async () => {
    const signer = keyAt(network, 2).signer(PREFIX);
    const messages = [send(signer.address, signer.address, usem(1n))];
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(chain.broadcast(signer, messages, { signal })).rejects.toThrow('enough');
  });

  it('says that nothing answers', async () => {
    await expect(connect('http://127.0.0.1:9')).rejects.toBeInstanceOf(UnreachableError);
  });
});
