import { expect, test } from 'vitest';
import { startChain } from './support/chain.ts';
import { sendMessage } from './support/tx.ts';
import { wallet } from './support/wallet.ts';

const alice = wallet('alice');
const bob = wallet('bob');

test('a transfer moves coins, pays the producer and makes the receiver an account', () => {
  const chain = startChain({ balances: [{ of: alice, usem: 1_000_000n }] });
  const result = chain.deliver(alice, [sendMessage(alice.address, bob.address, 1234n)], {
    gas: 100_000n,
  });
  expect(result.log).toBe('');
  expect(chain.balance(bob.address)).toBe(1234n);
  expect(chain.balance(alice.address)).toBe(1_000_000n - 1234n - 100n);
  expect(chain.account(alice.address).sequence).toBe(1n);
  expect(chain.account(bob.address).sequence).toBe(0n);
});
