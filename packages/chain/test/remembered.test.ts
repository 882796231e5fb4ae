import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rememberSigners, type Signer, verifySigner } from '../src/modules/auth/signers.ts';
import { Recent } from '../src/recent.ts';
import { decodeTx } from '../src/tx/decode.ts';
import { rememberDecoded } from '../src/tx/decoded-txs.ts';
import { CHAIN_ID, startChain } from './support/chain.ts';
import { sendMessage, signedTx } from './support/tx.ts';
import { wallet } from './support/wallet.ts';

const alice = wallet('alice');
const bob = wallet('bob');

function transfer(sequence: bigint): Uint8Array {
  return signedTx(
    [sendMessage(alice.address, bob.address, 5n)],
    [{ wallet: alice, accountNumber: 7n, sequence }],
    { chainId: CHAIN_ID },
  );
}

test('the same bytes are decoded once', () => {
  let decoded = 0;
  const decode = rememberDecoded((bytes) => {
    decoded += 1;
    return decodeTx(bytes);
  });
  const tx = transfer(0n);
  expect(decode(tx)).toBe(decode(tx));
  expect(decode(tx.slice()).body).toEqual(decode(tx).body);
  expect(decoded).toBe(2);
  const broken = tx.slice(1);
  expect(() => decode(broken)).toThrow('tx parse error');
  expect(() => decode(broken)).toThrow('tx parse error');
  expect(decoded).toBe(4);
});

test('a signer is verified once; another transaction, account, sequence, chain or key anew', () => {
  let verified = 0;
  const verify = rememberSigners((...args) => {
    verified += 1;
    return verifySigner(...args);
  });
  const [first, second] = [decodeTx(transfer(0n)), decodeTx(transfer(1n))];
  const good: Signer = {
    chainId: CHAIN_ID,
    accountNumber: 7n,
    sequence: 0n,
    publicKey: alice.publicKey,
  };
  expect([verify(first, 0, good), verify(first, 0, { ...good }), verified]).toEqual([
    true,
    true,
    1,
  ]);
  expect(verify(second, 0, { ...good, sequence: 1n })).toBe(true);
  expect(verified).toBe(2);
  const others: Signer[] = [
    { ...good, chainId: 'other' },
    { ...good, accountNumber: 8n },
    { ...good, publicKey: bob.publicKey },
  ];
  for (const other of others) expect(verify(first, 0, other)).toBe(false);
  expect(verify(first, 1, good)).toBe(false);
  expect(verified).toBe(6);
  // A direct signature holds the sequence in the transaction: another one here is only not known.
  expect(verify(first, 0, { ...good, sequence: 9n })).toBe(true);
  expect(verified).toBe(7);
});

test('a transaction let into the pool does not let in a forgery of it', () => {
  const chain = startChain({ balances: [{ of: alice, usem: 1_000_000n }] });
  const tx = chain.tx(alice, [sendMessage(alice.address, bob.address, 5n)]);
  expect(chain.app.checkTx(tx).code).toBe(0);
  const forged = signedTx(
    [sendMessage(alice.address, bob.address, 5n)],
    [{ wallet: { ...alice, privateKey: bob.privateKey }, accountNumber: 0n, sequence: 0n }],
    { chainId: CHAIN_ID },
  );
  expect(chain.block([forged, tx]).txResults.map(({ code }) => code)).toEqual([4, 0]);
});

test('what was asked for lately is remembered, and no more than twice the capacity', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 20 }));
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 5 }), (asked, capacity) => {
      const recent = new Recent<number>(capacity);
      for (const [i, key] of asked.entries()) {
        const known = recent.get(String(key));
        if (known === undefined) recent.set(String(key), key);
        else expect(known).toBe(key);
        const lately = new Set(asked.slice(0, i + 1).slice(-capacity));
        for (const one of lately) if (one === key) expect(recent.get(String(one))).toBe(one);
      }
      const held = Array.from({ length: 21 }, (_, key) => key).filter(
        (key) => recent.get(String(key)) !== undefined,
      );
      expect(held.length).toBeLessThanOrEqual(2 * capacity);
    }),
  );
});
