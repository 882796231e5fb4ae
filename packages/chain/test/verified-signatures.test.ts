import { sha256 } from '@semblance/core/sha256';
import { expect, test } from 'vitest';
import { verifySignature } from '../src/modules/auth/secp256k1.ts';
import { rememberVerified } from '../src/modules/auth/verified-signatures.ts';
import { CHAIN_ID, startChain } from './support/chain.ts';
import { sendMessage, signedTx } from './support/tx.ts';
import { sign, wallet } from './support/wallet.ts';

const alice = wallet('alice');
const bob = wallet('bob');

test('a signature is verified once; any other digest, signature or key is verified anew', () => {
  let verified = 0;
  const verify = rememberVerified((...args) => {
    verified += 1;
    return verifySignature(...args);
  }, 2);
  const digests = [0, 1, 2, 3, 4].map((n) => sha256(Uint8Array.of(n)));
  const signatures = [0, 1, 2, 3, 4].map((n) => sign(alice, Uint8Array.of(n)));
  const check = (digest: number, signature: number, key = alice) =>
    verify(digests[digest] as Uint8Array, signatures[signature] as Uint8Array, key.publicKey);
  expect([check(0, 0), check(0, 0), verified]).toEqual([true, true, 1]);
  expect([check(0, 1), check(1, 0), check(0, 0, bob), verified]).toEqual([false, false, false, 4]);
  expect([check(0, 1), verified]).toEqual([false, 5]);
  for (const n of [1, 2, 3, 4]) expect(check(n, n)).toBe(true);
  expect([check(0, 0), verified]).toEqual([true, 10]);
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
