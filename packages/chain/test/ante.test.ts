import { concat, fromHex, toHex } from '@semblance/core/bytes';
import { MsgSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx';
import { AuthInfo, SignDoc, TxBody, TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { encodePubKey } from '../src/modules/auth/pub-key.ts';
import { CHAIN_ID, startChain, type TestChain } from './support/chain.ts';
import { sendMessage, signedTx, type TxOptions } from './support/tx.ts';
import { sign, wallet } from './support/wallet.ts';

const alice = wallet('alice');
const bob = wallet('bob');
const pauper = wallet('pauper');

let chain: TestChain;
beforeEach(() => {
  chain = startChain({
    balances: [
      { of: alice, usem: 1_000_000n },
      { of: bob, usem: 1_000_000n },
    ],
  });
});

const toBob = sendMessage(alice.address, bob.address, 10n);
const plain = (options: Partial<TxOptions> = {}) =>
  chain.tx(alice, [toBob], { gas: 100_000n, ...options });

/** Refused by checkTx and in a block alike, with nothing changed. */
function expectRefused(tx: Uint8Array, code: number, log: RegExp | string = ''): void {
  const expected = { codespace: 'sdk', code, log: expect.stringMatching(log) as string };
  expect(chain.app.checkTx(tx)).toMatchObject(expected);
  const before = chain.balance(alice.address);
  expect(chain.block([tx]).txResults).toMatchObject([expected]);
  expect(chain.balance(alice.address)).toBe(before);
}

/** Decodes a transaction, lets its parts be changed and encodes it again without signing. */
function altered(tx: Uint8Array, change: (body: TxBody, auth: AuthInfo, raw: TxRaw) => void) {
  const raw = TxRaw.decode(tx);
  const body = TxBody.decode(raw.bodyBytes);
  const auth = AuthInfo.decode(raw.authInfoBytes);
  change(body, auth, raw);
  raw.bodyBytes = TxBody.encode(body).finish();
  raw.authInfoBytes = AuthInfo.encode(auth).finish();
  return TxRaw.encode(raw).finish();
}

describe('signatures', () => {
  test('one that was tampered with', () => {
    const tx = plain();
    tx[tx.length - 1] = (tx.at(-1) as number) ^ 1;
    expectRefused(tx, 4, /^signature verification failed/);
  });

  test('another amount than was signed', () => {
    const tx = altered(plain(), (body) => {
      const message = MsgSend.decode(body.messages[0]?.value as Uint8Array);
      message.amount = [{ denom: 'usem', amount: '999' }];
      (body.messages[0] as { value: Uint8Array }).value = MsgSend.encode(message).finish();
    });
    expectRefused(tx, 4);
  });

  test('a high s', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const tx = altered(plain(), (_, __, raw) => {
      const signature = raw.signatures[0] as Uint8Array;
      const s = BigInt(`0x${toHex(signature.subarray(32))}`);
      const high = fromHex((order - s).toString(16).padStart(64, '0'));
      raw.signatures = [concat(signature.subarray(0, 32), high)];
    });
    expectRefused(tx, 4);
  });

  test.each([0, 63, 65])('one of %i bytes', (length) => {
    expectRefused(
      altered(plain(), (_, __, raw) => {
        raw.signatures = [new Uint8Array(length)];
      }),
      4,
    );
  });

  test('r and s beyond the order of the curve', () => {
    expectRefused(
      altered(plain(), (_, __, raw) => {
        raw.signatures = [new Uint8Array(64).fill(0xff)];
      }),
      4,
    );
  });

  test('none, or more than signers', () => {
    const none = altered(plain(), (_, auth, raw) => {
      raw.signatures = [];
      auth.signerInfos = [];
    });
    expectRefused(none, 15);
    const two = altered(plain(), (_, __, raw) => {
      raw.signatures = [...raw.signatures, ...raw.signatures];
    });
    expectRefused(two, 4);
  });

  test("somebody else's key", () => {
    const [signer] = [{ wallet: bob, accountNumber: 0n, sequence: 0n }];
    expectRefused(signedTx([toBob], [signer], { chainId: CHAIN_ID }), 8, /does not match/);
  });

  test('no key in the transaction: only once the account has one', () => {
    const bare = () => {
      const raw = TxRaw.decode(plain());
      const auth = AuthInfo.decode(raw.authInfoBytes);
      for (const info of auth.signerInfos) delete info.publicKey;
      const authInfoBytes = AuthInfo.encode(auth).finish();
      const { bodyBytes } = raw;
      const document = { bodyBytes, authInfoBytes, chainId: CHAIN_ID, accountNumber: 0n };
      const signatures = [sign(alice, SignDoc.encode(document).finish())];
      return TxRaw.encode({ bodyBytes, authInfoBytes, signatures }).finish();
    };
    expectRefused(bare(), 8);
    expect(chain.block([plain()]).txResults[0]?.code).toBe(0);
    expect(chain.block([bare()]).txResults[0]?.code).toBe(0);
  });

  test('two signers each sign their own message', () => {
    const messages = [toBob, sendMessage(bob.address, alice.address, 3n)];
    const signers = [
      { wallet: alice, accountNumber: 0n, sequence: 0n },
      { wallet: bob, accountNumber: 1n, sequence: 0n },
    ];
    const options = { chainId: CHAIN_ID, gas: 100_000n };
    expectRefused(signedTx(messages, signers.slice(0, 1), options), 4);
    expectRefused(signedTx(messages, [signers[1], signers[0]] as typeof signers, options), 8);
    expect(chain.block([signedTx(messages, signers, options)]).txResults[0]?.log).toBe('');
    expect(chain.balance(bob.address)).toBe(1_000_007n);
    expect(chain.account(bob.address).sequence).toBe(1n);
  });

  test('an unsupported sign mode', () => {
    expectRefused(
      altered(plain(), (_, auth) => {
        for (const info of auth.signerInfos) info.modeInfo = { single: { mode: 2 } };
      }),
      4,
      /^sign mode/,
    );
  });
});

describe('sequences and fees', () => {
  test('a replay and a gap', () => {
    const tx = plain();
    expect(chain.block([tx]).txResults[0]?.code).toBe(0);
    expectRefused(tx, 32, /^account sequence mismatch, expected 1, got 0: incorrect account seq/);
    expectRefused(chain.tx(alice, [toBob], {}, 1n), 32, /expected 1, got 2/);
  });

  test('checkTx remembers what it let through until the next block', () => {
    expect(chain.app.checkTx(plain()).code).toBe(0);
    expect(chain.app.checkTx(plain()).code).toBe(32);
    const second = chain.tx(alice, [toBob], { gas: 100_000n }, 1n);
    expect(chain.app.checkTx(second).code).toBe(0);
    chain.block([]);
    expect(chain.app.checkTx(second).code).toBe(32);
    expect(chain.app.checkTx(plain()).code).toBe(0);
  });

  test('a fee below the price of the gas, or in another coin', () => {
    expectRefused(plain({ fee: 99n }), 13, /^insufficient fees; got: 99usem required: 100usem/);
    expectRefused(plain({ fee: 0n }), 13);
    expectRefused(plain({ feeDenom: 'uother' }), 13);
    expect(chain.block([plain({ gas: 100_001n, fee: 101n })]).txResults[0]?.code).toBe(0);
  });

  test('a fee that the payer has not got', () => {
    expectRefused(plain({ fee: 2_000_000n }), 5);
  });

  test('an account that does not exist', () => {
    const signers = [{ wallet: pauper, accountNumber: 0n, sequence: 0n }];
    const message = sendMessage(pauper.address, bob.address, 1n);
    const tx = signedTx([message], signers, { chainId: CHAIN_ID });
    expectRefused(tx, 9, new RegExp(`^account ${pauper.address} does not exist`));
  });

  test('a failed message keeps fee and sequence and nothing else', () => {
    const messages = [toBob, sendMessage(alice.address, bob.address, 10_000_000n)];
    const result = chain.deliver(alice, messages, { gas: 100_000n });
    expect(result).toMatchObject({ codespace: 'sdk', code: 5 });
    expect(result.events.map(({ type }) => type)).toEqual(['transfer', 'tx']);
    expect(chain.balance(alice.address)).toBe(1_000_000n - 100n);
    expect(chain.balance(bob.address)).toBe(1_000_000n);
    expect(chain.account(alice.address).sequence).toBe(1n);
  });

  test('too little gas: what does not even carry the bytes is free, what no message gets is not', () => {
    expectRefused(plain({ gas: 100n }), 11);
    const result = chain.deliver(alice, [toBob], { gas: 12_000n });
    expect(result).toMatchObject({ codespace: 'sdk', code: 11, gasWanted: 12_000n });
    expect(chain.balance(alice.address)).toBe(1_000_000n - 12n);
  });
});

describe('shape', () => {
  test('unknown fields anywhere', () => {
    const unknown = Uint8Array.of(0xf8, 0x07, 0x01);
    const raw = () => TxRaw.decode(plain());
    expectRefused(concat(plain(), unknown), 2);
    const { bodyBytes, authInfoBytes } = raw();
    expectRefused(TxRaw.encode({ ...raw(), bodyBytes: concat(bodyBytes, unknown) }).finish(), 2);
    const auth = concat(authInfoBytes, unknown);
    expectRefused(TxRaw.encode({ ...raw(), authInfoBytes: auth }).finish(), 2);
    const message = { ...toBob, value: concat(toBob.value, unknown) };
    expectRefused(chain.tx(alice, [message]), 2);
  });

  test('fields in another order, a padded varint, an explicit default', () => {
    const { bodyBytes, authInfoBytes, signatures } = TxRaw.decode(plain());
    const body = TxRaw.encode({ bodyBytes, authInfoBytes: new Uint8Array(), signatures: [] });
    const rest = TxRaw.encode({ bodyBytes: new Uint8Array(), authInfoBytes, signatures });
    expectRefused(concat(rest.finish(), body.finish()), 2);
    const padded = concat(bodyBytes, Uint8Array.of(0x18, 0x81, 0x00));
    expectRefused(TxRaw.encode({ bodyBytes: padded, authInfoBytes, signatures }).finish(), 2);
    const explicit = concat(bodyBytes, Uint8Array.of(0x18, 0x00));
    expectRefused(TxRaw.encode({ bodyBytes: explicit, authInfoBytes, signatures }).finish(), 2);
  });

  test('an unknown message, none, too many', () => {
    expectRefused(
      chain.tx(alice, [{ typeUrl: '/cosmos.bank.v1beta1.MsgX', value: toBob.value }]),
      2,
    );
    expectRefused(chain.tx(alice, []), 18);
    expectRefused(
      chain.tx(
        alice,
        Array.from({ length: 17 }, () => toBob),
      ),
      18,
    );
    expect(
      chain.deliver(
        alice,
        Array.from({ length: 16 }, () => toBob),
      ).code,
    ).toBe(0);
  });

  test('a long memo, one that is not UTF-8', () => {
    expectRefused(plain({ memo: 'x'.repeat(257) }), 12);
    expectRefused(plain({ memo: '\ud800' }), 2);
    expect(chain.block([plain({ memo: 'ü'.repeat(128) })]).txResults[0]?.code).toBe(0);
  });

  test('extension options, unordered, tip, granter', () => {
    const option = { typeUrl: '/x', value: new Uint8Array() };
    const cases: [(body: TxBody, auth: AuthInfo) => void, number][] = [
      [(body) => body.extensionOptions.push(option), 31],
      [(body) => body.nonCriticalExtensionOptions.push(option), 31],
      [(body) => Object.assign(body, { unordered: true }), 18],
      [(_, auth) => Object.assign(auth, { tip: { amount: [], tipper: 'x' } }), 2],
      [(_, auth) => Object.assign(auth.fee ?? {}, { granter: bob.address }), 4],
      [(_, auth) => Object.assign(auth.fee ?? {}, { payer: bob.address }), 4],
      [(_, auth) => Object.assign(auth.fee ?? {}, { gasLimit: 1n << 63n }), 18],
      [(_, auth) => delete auth.fee, 2],
    ];
    for (const [change, code] of cases) expectRefused(altered(plain(), change), code);
  });

  test('a key that is no point of the curve, or of another kind', () => {
    const withKey = (key: ReturnType<typeof encodePubKey>) =>
      altered(plain(), (_, auth) => {
        for (const info of auth.signerInfos) info.publicKey = key;
      });
    expectRefused(withKey(encodePubKey(new Uint8Array(33).fill(5))), 8);
    expectRefused(withKey(encodePubKey(new Uint8Array(0))), 8);
    expectRefused(
      withKey({ typeUrl: '/cosmos.crypto.ed25519.PubKey', value: new Uint8Array() }),
      8,
    );
  });

  test('an address in capitals, of another chain, of no account', () => {
    const from = (address: string) => chain.tx(alice, [sendMessage(address, bob.address, 1n)]);
    expectRefused(from(alice.address.toUpperCase()), 18, /^from_address: not in lower case/);
    expectRefused(from('cosmos1zcjduepq'), 18, /^from_address: /);
    expectRefused(from(''), 18, /^from_address: /);
  });

  test('whatever bytes: an answer, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(chain.app.checkTx(bytes).code).not.toBe(0);
      }),
    );
    const tx = plain();
    fc.assert(
      fc.property(fc.nat(tx.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const broken = tx.slice();
        broken[at] = (broken[at] as number) ^ flip;
        expect(chain.app.checkTx(broken).code).not.toBe(0);
      }),
    );
    expectRefused(new Uint8Array(1_048_577), 21);
    expectRefused(new Uint8Array(1_048_576).fill(0x63), 2);
  });
});
