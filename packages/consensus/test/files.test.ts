import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@semblance/core/bytes';
import { describe, expect, it } from 'vitest';
import { type GenesisJson, parseGenesis, readGenesis, writeGenesis } from '../src/genesis.ts';
import {
  generateValidatorKey,
  loadOrCreateValidatorKey,
  parseValidatorKey,
  readValidatorKey,
} from '../src/validator-key.ts';
import { kvstoreGenesis, temporaryHome } from './fixtures/solo.ts';

const invalid = (field: string) =>
  expect.objectContaining({ code: 'INVALID_INPUT', details: expect.objectContaining({ field }) });

describe('validator key', () => {
  it('is made once, for the owner only, in the shape of CometBFT', () => {
    const path = join(temporaryHome(), 'priv_validator_key.json');
    const made = loadOrCreateValidatorKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = loadOrCreateValidatorKey(path);
    expect(toHex(again.publicKey)).toBe(toHex(made.publicKey));
    const file = JSON.parse(readFileSync(path, 'utf8'));
    expect(file).toMatchObject({
      address: toHex(made.address).toUpperCase(),
      pub_key: { type: 'tendermint/PubKeyEd25519' },
      priv_key: { type: 'tendermint/PrivKeyEd25519' },
    });
    expect(Buffer.from(file.priv_key.value, 'base64')).toHaveLength(64);
  });

  it('reads RFC 8032’s first test key and signs as it says', () => {
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
    const key = parseValidatorKey(
      JSON.stringify({
        address: '21FE31DFA154A261626BF854046FD2271B7BED4B',
        pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(publicKey) },
        priv_key: { type: 'tendermint/PrivKeyEd25519', value: base64(seed + publicKey) },
      }),
    );
    expect(toHex(key.sign(new Uint8Array(0)))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('refuses a file whose parts do not belong together', () => {
    const path = join(temporaryHome(), 'key.json');
    loadOrCreateValidatorKey(path);
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const other = Buffer.from(generateValidatorKey().publicKey).toString('base64');
    const text = (change: object) => JSON.stringify({ ...file, ...change });
    const bad: [string, string][] = [
      ['{', 'validator key'],
      ['7', 'validator key'],
      [text({ address: '00' }), 'address'],
      [text({ pub_key: { ...file.pub_key, value: other } }), 'priv_key'],
      [text({ pub_key: { type: 'x', value: other } }), 'pub_key'],
      [text({ priv_key: { ...file.priv_key, value: other } }), 'priv_key'],
      [text({ priv_key: null }), 'priv_key'],
    ];
    for (const [content, field] of bad) {
      writeFileSync(path, content);
      expect(() => readValidatorKey(path)).toThrow(invalid(field));
    }
  });
});

describe('genesis', () => {
  const good = kvstoreGenesis(generateValidatorKey().publicKey);

  it('is written once and read back', () => {
    const path = join(temporaryHome(), 'genesis.json');
    writeGenesis(path, good);
    expect(readGenesis(path)).toEqual(good);
    expect(() => writeGenesis(path, good)).toThrow(/EEXIST/);
    expect(parseGenesis(good)).toMatchObject({
      chainId: 'kvstore-1',
      timeMs: 1_700_000_000_000n,
      block: { maxBytes: 4_194_304n, maxGas: -1n },
      validators: [{ power: 10n }],
    });
  });

  const validator = good.validators[0];
  const params = good.consensus_params;
  it.each<[string, Partial<Record<keyof GenesisJson, unknown>>]>([
    ['chain_id', { chain_id: '' }],
    ['chain_id', { chain_id: 'x'.repeat(51) }],
    ['chain_id', { chain_id: 5 }],
    ['genesis_time', { genesis_time: 'today' }],
    ['genesis_time', { genesis_time: '1960-01-01T00:00:00Z' }],
    ['initial_height', { initial_height: '0' }],
    ['initial_height', { initial_height: 'x' }],
    ['initial_height', { initial_height: 5 }],
    ['app_hash', { app_hash: 'AA' }],
    ['consensus_params', { consensus_params: undefined }],
    [
      'consensus_params.block.max_bytes',
      { consensus_params: { ...params, block: { max_bytes: '1', max_gas: '-1' } } },
    ],
    [
      'consensus_params.block.max_gas',
      { consensus_params: { ...params, block: { max_bytes: '4194304', max_gas: -1 } } },
    ],
    ['validators', { validators: {} }],
    ['validators[0].power', { validators: [{ ...validator, power: '0' }] }],
    ['validators[0].address', { validators: [{ ...validator, address: '00'.repeat(20) }] }],
    ['validators[0].pub_key', { validators: [{ ...validator, pub_key: { type: 'x' } }] }],
  ])('refuses a wrong %s', (field, change) => {
    expect(() => parseGenesis({ ...good, ...change })).toThrow(invalid(field));
  });

  it('refuses what is not an object', () => {
    for (const value of [null, [], 'x', undefined]) {
      expect(() => parseGenesis(value)).toThrow(invalid('genesis'));
    }
  });
});
