import { create, toBinary } from '@bufbuild/protobuf';
import { Secp256k1HdWallet, Secp256k1Wallet } from '@cosmjs/amino';
import {
  DirectSecp256k1Wallet,
  type OfflineSigner,
  Registry,
  type TsProto2GeneratedType,
} from '@cosmjs/proto-signing';
import { AminoTypes, createBankAminoConverters, SigningStargateClient } from '@cosmjs/stargate';
import { fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { MsgRevealSchema, MsgSubmitJobSchema, type TextToImage } from '@semblance/proto/ml';
import { MsgSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx';
import { TxRaw } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aminoMessage } from '../src/amino.ts';
import { canonicalJson } from '../src/tx/amino-json.ts';
import { CHAIN_ID, startChain } from './support/chain.ts';
import { FUNDED, idOf, mlGenesis, queryJob, REQUESTER, request } from './support/ml.ts';
import { wallet } from './support/wallet.ts';

/*
 * Transactions made by CosmJS, byte for byte as wallets send them.
 */

const FEE = { amount: [{ denom: 'usem', amount: '1000' }], gas: '1000000' };
const bob = wallet('bob');

const start = () => startChain({ balances: FUNDED, ml: mlGenesis() });

/** MsgSubmitJob as an encode object's type: its value is the encoded message's source. */
const submitJobType = {
  fromPartial: (message: unknown) => message,
  encode: (message: Parameters<typeof create<typeof MsgSubmitJobSchema>>[1]) => ({
    finish: () => toBinary(MsgSubmitJobSchema, create(MsgSubmitJobSchema, message)),
  }),
} as unknown as TsProto2GeneratedType;

/** Written out by hand, apart from the chain's own rule. */
const aminoTypes = new AminoTypes({
  ...createBankAminoConverters(),
  '/semblance.ml.v1.MsgSubmitJob': {
    aminoType: 'semblance/ml/MsgSubmitJob',
    toAmino: ({ request }: { request: ReturnType<typeof requestOfTest> }) => {
      const task = request.task.value as TextToImage;
      return {
        request: {
          requester: request.requester,
          model: request.model,
          committee_size: request.committeeSize,
          fee: request.fee,
          deadline_ms: request.deadlineMs.toString(),
          text_to_image: {
            prompt: task.prompt,
            seed: task.seed.toString(),
            steps: task.steps,
            width: task.width,
            height: task.height,
            guidance_milli: task.guidanceMilli,
            scheduler: task.scheduler,
          },
        },
      };
    },
    fromAmino: () => ({ request: requestOfTest() }),
  },
});

const requestOfTest = () =>
  request({}, { prompt: 'a <red> apple & "more" \\ \n ü 🍎', seed: 2n ** 64n - 1n });

async function clientFor(signer: OfflineSigner): Promise<SigningStargateClient> {
  const registry = new Registry([
    [MsgSend.typeUrl, MsgSend],
    ['/semblance.ml.v1.MsgSubmitJob', submitJobType],
  ]);
  return SigningStargateClient.offline(signer, { registry, aminoTypes });
}

describe.each([
  ['direct', () => DirectSecp256k1Wallet.fromKey(REQUESTER.privateKey, 'sem')],
  ['amino', () => Secp256k1Wallet.fromKey(REQUESTER.privateKey, 'sem')],
])('CosmJS signing in %s mode', (_, makeWallet) => {
  const sign = async (
    messages: Parameters<SigningStargateClient['sign']>[1],
    { accountNumber = 0n, sequence = 0, chainId = CHAIN_ID, timeoutHeight = 0n } = {},
  ) => {
    const client = await clientFor(await makeWallet());
    const data = { accountNumber, sequence, chainId };
    const memo = 'a memo with <angles> & more';
    const tx = await client.sign(REQUESTER.address, messages, FEE, memo, data, timeoutHeight);
    return TxRaw.encode(tx).finish();
  };
  const send = {
    typeUrl: MsgSend.typeUrl,
    value: {
      fromAddress: REQUESTER.address,
      toAddress: bob.address,
      amount: [{ denom: 'usem', amount: '5' }],
    },
  };

  test('a transfer and a job in one transaction', async () => {
    const chain = start();
    const request = requestOfTest();
    const submit = { typeUrl: '/semblance.ml.v1.MsgSubmitJob', value: { request } };
    const tx = await sign([send, submit], { timeoutHeight: 9n });
    expect(chain.app.checkTx(tx)).toMatchObject({ code: 0, log: '' });
    expect(chain.block([tx]).txResults).toMatchObject([{ code: 0, log: '' }]);
    expect(chain.balance(bob.address)).toBe(5n);
    expect(queryJob(chain.app, idOf(request)).request).toEqual(request);
  });

  test.each([
    ['another chain', { chainId: 'semblance-other-1' }, 4],
    ['another account number', { accountNumber: 1n }, 4],
    ['a later sequence', { sequence: 1 }, 32],
  ])('signed for %s', async (_, data, code) => {
    const chain = start();
    const tx = await sign([send], data);
    expect(chain.app.checkTx(tx)).toMatchObject({ codespace: 'sdk', code });
    expect(chain.block([tx]).txResults).toMatchObject([{ codespace: 'sdk', code }]);
    expect(chain.account(REQUESTER.address).sequence).toBe(0n);
  });

  test('a timeout height that has passed', async () => {
    const chain = start();
    chain.block([]);
    const tx = await sign([send], { timeoutHeight: 1n });
    expect(chain.app.checkTx(tx)).toMatchObject({ codespace: 'sdk', code: 30 });
  });
});

test('addresses are those that CosmJS derives', async () => {
  const [account] = await (await Secp256k1Wallet.fromKey(bob.privateKey, 'sem')).getAccounts();
  expect(account?.address).toBe(bob.address);
  const hd = await Secp256k1HdWallet.generate(12, { prefix: 'sem' });
  expect((await hd.getAccounts())[0]?.address).toMatch(/^sem1[a-z0-9]{38}$/);
});

test('canonical JSON is what CosmJS signs, for any value', () => {
  const cosmjs = (value: unknown) =>
    JSON.stringify(value)
      .replace(/&/g, '\\u0026')
      .replace(/</g, '\\u003c')
      .replace(/>/g, '\\u003e');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat(), (texts, number) => {
      const value = { list: texts, number, text: texts.join('"<&>\u0007\\') };
      expect(canonicalJson(value)).toBe(cosmjs(value));
    }),
  );
  expect(canonicalJson({ b: 1, a: { d: '', c: [] } })).toBe('{"a":{"c":[],"d":""},"b":1}');
});

test('the amino form of a message leaves out defaults and spells bytes in base64', () => {
  const file = fromUtf8('file');
  const message = create(MsgRevealSchema, {
    node: 'n',
    salt: sha256(file),
    file,
    filePath: [file],
  });
  const amino = aminoMessage('/semblance.ml.v1.MsgReveal', toBinary(MsgRevealSchema, message));
  expect(amino).toEqual({
    type: 'semblance/ml/MsgReveal',
    value: {
      node: 'n',
      salt: Buffer.from(toHex(sha256(file)), 'hex').toString('base64'),
      file: 'ZmlsZQ==',
      file_path: ['ZmlsZQ=='],
    },
  });
});
