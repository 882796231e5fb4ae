import { Secp256k1HdWallet } from '@cosmjs/amino';
import { DirectSecp256k1HdWallet } from '@cosmjs/proto-signing';
import { SigningStargateClient } from '@cosmjs/stargate';
import { aminoMessage } from '@semblance/chain/amino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../src/chain.ts';
import { createAminoTypes, createRegistry, fromOfflineSigner } from '../src/cosmjs.ts';
import { jobRequest } from '../src/job.ts';
import * as messages from '../src/messages.ts';
import { keyAt, PREFIX, startNetwork, type TestNetwork } from './support/solo.ts';

const bytes = (value: number) => new Uint8Array(32).fill(value);
const request = jobRequest({
  requester: 'sem1requester',
  nonce: 2n ** 64n - 1n,
  model: 'm',
  committeeSize: 3,
  fee: '1000',
  deadlineMs: 60_000n,
  task: { case: 'textToImage', value: { prompt: 'é <fox> & "so\n"', seed: 0n, steps: 20 } },
});
const node = { operator: 'sem1operator', node: 'sem1node' };
const facts = { ...node, models: ['a', 'b'], endpoint: 'http://h', runtime: '' };

const EVERY = [
  messages.registerNode({ ...facts, stake: '5' }),
  messages.updateNode({ ...facts, addStake: '0', models: [] }),
  messages.unregisterNode(node),
  messages.unjailNode(node),
  messages.registerModel({
    owner: 'o',
    id: 'm',
    weightsRoot: bytes(1),
    profile: { hash: 'average', thresholdBits: 0, committeeSizes: [1, 3] },
    limits: {},
    minFee: '',
  }),
  messages.submitJob({ request }),
  messages.submitJob({}),
  messages.commit({ node: 'sem1node', jobId: bytes(1), commitment: bytes(2) }),
  messages.reveal({
    node: 'sem1node',
    jobId: bytes(1),
    salt: bytes(2),
    trajectoryRoot: bytes(3),
    file: Uint8Array.of(0),
    fileLeaf: 4,
    leaves: 6,
    filePath: [bytes(4), new Uint8Array()],
  }),
  messages.send('sem1a', 'sem1b', [{ denom: 'usem', amount: '1' }]),
];

describe('amino JSON', () => {
  it.each(EVERY)('of $typeUrl is what the chain rebuilds', ({ typeUrl, value }) => {
    const decoded = createRegistry().decode({ typeUrl, value });
    const made = createAminoTypes().toAmino({ typeUrl, value: decoded });
    expect(made).toEqual(aminoMessage(typeUrl, value));
  });
});

describe('CosmJS on a chain', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startNetwork(2);
  });
  afterAll(() => network.remove());

  const owner = () => keyAt(network, 0);
  const registerModel = (id: string) => ({
    typeUrl: '/semblance.ml.v1.MsgRegisterModel',
    value: {
      owner: owner().address(PREFIX),
      id,
      weightsRoot: bytes(1),
      profile: { hash: 'average', thresholdBits: 2, committeeSizes: [1, 3] },
      limits: {
        sizeMultiple: 8,
        minSize: 8,
        maxSize: 64,
        maxSteps: 50,
        schedulers: ['ddim'],
        modes: ['control'],
      },
      minFee: '1000',
    },
  });

  it.each(['amino', 'direct'])('signs %s with its own wallet', async (mode) => {
    const words = owner().mnemonic() ?? '';
    const options = { prefix: PREFIX };
    const wallet =
      mode === 'amino'
        ? await Secp256k1HdWallet.fromMnemonic(words, options)
        : await DirectSecp256k1HdWallet.fromMnemonic(words, options);
    const client = await SigningStargateClient.connectWithSigner(network.rpcUrl, wallet, {
      registry: createRegistry(),
      aminoTypes: createAminoTypes(),
      broadcastPollIntervalMs: 100,
    });
    const fee = { amount: [{ denom: 'usem', amount: '1000' }], gas: '1000000' };
    const sender = owner().address(PREFIX);
    const result = await client.signAndBroadcast(sender, [registerModel(mode)], fee);
    client.disconnect();
    expect(result).toMatchObject({ code: 0 });
  });

  it('lends its wallet to our client', async () => {
    const words = owner().mnemonic() ?? '';
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(words, { prefix: PREFIX });
    const signer = await fromOfflineSigner(wallet);
    const chain = await connect(network.rpcUrl);
    const { value } = registerModel('lent');
    await chain.broadcast(signer, [messages.registerModel(value)]);
    expect((await chain.query.model('lent'))?.owner).toBe(owner().address(PREFIX));
    chain.close();
  });
});
