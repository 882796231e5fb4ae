import { Secp256k1, Secp256k1Signature } from '@cosmjs/crypto';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { sha256 } from '@semblance/core/sha256';
import { describe, expect, it } from 'vitest';
import { createKey, fromMnemonic, fromPrivateKey } from '../src/keys.ts';

// BIP-39's first test vector, as every Cosmos wallet derives it.
const WORDS =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';

describe('keys', () => {
  it('derives the address that Cosmos wallets derive', async () => {
    const key = await fromMnemonic(WORDS);
    expect(key.address('cosmos')).toBe('cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4');
    expect(fromPrivateKey(key.privateKey()).address('sem')).toBe(key.address('sem'));
  });

  it('makes 12 and 24 words that lead back to the same key', async () => {
    for (const count of [12, 24] as const) {
      const key = await createKey(count);
      const words = key.mnemonic() ?? '';
      expect(words.split(' ')).toHaveLength(count);
      expect(toHex((await fromMnemonic(words)).publicKey)).toBe(toHex(key.publicKey));
    }
  });

  it('signs r || s that verifies over the SHA-256 of the message', async () => {
    const key = await fromMnemonic(WORDS);
    const message = new Uint8Array([1, 2, 3]);
    const signature = Secp256k1Signature.fromFixedLength(key.sign(message));
    expect(Secp256k1.verifySignature(signature, sha256(message), key.publicKey)).toBe(true);
  });

  it('shows no secret when printed', async () => {
    const key = await fromMnemonic(WORDS);
    const { inspect } = await import('node:util');
    const printed = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
    expect(printed).not.toContain('abandon');
    expect(printed).not.toContain(toHex(key.privateKey()));
  });

  it('refuses bad words without quoting them', async () => {
    await expect(fromMnemonic('secret words here')).rejects.toThrow(InvalidInputError);
    await expect(fromMnemonic('secret words here')).rejects.not.toThrow(/secret/);
  });

  it('refuses zero and short private keys', () => {
    expect(() => fromPrivateKey(new Uint8Array(32))).toThrow(InvalidInputError);
    expect(() => fromPrivateKey(new Uint8Array(31))).toThrow(InvalidInputError);
  });
});
