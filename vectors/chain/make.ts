/*
 * Writes the vectors beside this file: `node vectors/chain/make.ts`.
 * - replay.json: a genesis, blocks with their transactions, and the application hash after each.
 *   Another engine, version or implementation must come to the same hashes.
 * - amino.json: encoded messages and the legacy amino JSON that wallets sign for them.
 */
import { writeFileSync } from 'node:fs';
import { toHex } from '@semblance/core/bytes';
import {
  MsgRegisterModelSchema,
  MsgRegisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUpdateNodeSchema,
} from '@semblance/proto/ml';
import { aminoMessage } from '../../packages/chain/src/amino.ts';
import { canonicalJson } from '../../packages/chain/src/tx/amino-json.ts';
import { startChain } from '../../packages/chain/test/support/chain.ts';
import { change, depositOn, submit, text, voteOn } from '../../packages/chain/test/support/gov.ts';
import {
  encode,
  FILE_MODES,
  FUNDED,
  fileRequest,
  filesOf,
  idOf,
  MODEL,
  mlGenesis,
  NODES,
  operatorOf,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { otherPicture, picture } from '../../packages/chain/test/support/png.ts';
import {
  cancelUnbonding,
  createValidator,
  delegate,
  editValidator,
  part,
  redelegate,
  setWithdrawAddress,
  undelegate,
  unjailValidator,
  withdrawCommission,
  withdrawReward,
} from '../../packages/chain/test/support/staking.ts';
import { type EncodedMessage, sendMessage } from '../../packages/chain/test/support/tx.ts';
import type { Wallet } from '../../packages/chain/test/support/wallet.ts';

const write = (name: string, value: unknown) =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(value, null, 1)}\n`);

function replay() {
  const chain = startChain({ balances: FUNDED, ml: mlGenesis() });
  const genesisHash = toHex(chain.app.info().appHash);
  const hashes: string[] = [];
  const block = (parts: readonly (readonly [Wallet, EncodedMessage])[], afterMs = 1000n) => {
    const txs = parts.map(([who, message]) => chain.tx(who, [message]));
    hashes.push(toHex(chain.block(txs, afterMs).appHash));
  };
  const job = request();
  const late = request({ nonce: 1n });
  const id = idOf(job);
  block([[REQUESTER, submitMessage(job)]]);
  block([[REQUESTER, submitMessage(late)]]);
  block([[REQUESTER, submitMessage(fileRequest('inpaint'), filesOf('inpaint'))]]);
  const works = queryJob(chain.app, id).members.map(({ node }, i) => {
    const member = NODES.find(({ address }) => address === node) as Wallet;
    return [member, workOf(member, id, i === 0 ? otherPicture(32) : picture(i, 64))] as const;
  });
  block(works.map(([node, work]) => [node, work.commit]));
  block(works.map(([node, work]) => [node, work.reveal()]));
  block([[REQUESTER, sendMessage(REQUESTER.address, operatorOf(0).address, 5n)]], 60_000n);
  const blocks = chain.blocks.map(({ height, timeMs, proposer, lastCommit, txs }, i) => ({
    height: height.toString(),
    time_ms: timeMs.toString(),
    proposer: toHex(proposer),
    last_commit: lastCommit.map(({ validator, signed }) => ({
      address: toHex(validator.address),
      power: validator.power.toString(),
      signed,
    })),
    txs: txs.map(toHex),
    app_hash: hashes[i],
  }));
  const { chainId, timeMs, appState } = chain.genesis;
  const genesis = { chain_id: chainId, time_ms: timeMs.toString(), app_state: appState };
  return { genesis, genesis_app_hash: genesisHash, blocks };
}

function amino() {
  const job = request(
    { nonce: 7n },
    { prompt: 'a <red> apple & "more"\n🍎', seed: 2n ** 64n - 1n },
  );
  const node = NODES[0] as Wallet;
  const operator = operatorOf(0).address;
  const work = workOf(node, idOf(job), Uint8Array.of(1, 2, 3));
  const served = { models: [MODEL], endpoint: 'http://127.0.0.1:7000', runtime: 'native' };
  const messages: EncodedMessage[] = [
    sendMessage(REQUESTER.address, operator, 5n),
    submitMessage(job),
    submitMessage(request({ task: { case: undefined } })),
    ...FILE_MODES.map((mode) => submitMessage(fileRequest(mode), filesOf(mode))),
    work.commit,
    work.reveal(),
    encode(MsgRegisterNodeSchema, { operator, node: node.address, stake: '1000000', ...served }),
    encode(MsgUpdateNodeSchema, { operator, node: node.address, ...served, endpoint: '' }),
    encode(MsgUnregisterNodeSchema, { operator, node: node.address }),
    encode(MsgUnjailNodeSchema, { operator, node: node.address }),
    encode(MsgRegisterModelSchema, {
      owner: operator,
      id: 'another',
      weightsRoot: new Uint8Array(32).fill(7),
      profile: { hash: 'average', thresholdBits: 0, committeeSizes: [1, 3] },
      limits: {
        sizeMultiple: 8,
        minSize: 64,
        maxSize: 64,
        maxSteps: 50,
        schedulers: ['ddim'],
        modes: ['upscale'],
      },
      minFee: '0',
    }),
    createValidator(REQUESTER, 1_000_000n, { delegatorAddress: REQUESTER.address }),
    editValidator(REQUESTER, { commissionRate: part(5), minSelfDelegation: '2' }),
    delegate(REQUESTER, node, 5n),
    undelegate(REQUESTER, node, 5n),
    redelegate(REQUESTER, node, operatorOf(0), 5n),
    cancelUnbonding(REQUESTER, node, 5n, 12n),
    unjailValidator(REQUESTER),
    withdrawReward(REQUESTER, node),
    withdrawCommission(REQUESTER),
    setWithdrawAddress(REQUESTER, operator),
    submit(REQUESTER, change('staking', 'max_validators', '50'), 5n),
    submit(REQUESTER, text(), 5n),
    depositOn(REQUESTER, 3n, 5n),
    voteOn(REQUESTER, 3n, 4),
  ];
  return messages.map(({ typeUrl, value }) => {
    const message = aminoMessage(typeUrl, value);
    if (message === undefined) throw new Error(typeUrl);
    const { type, value: json } = message;
    return { type_url: typeUrl, value: toHex(value), amino: canonicalJson({ type, value: json }) };
  });
}

write('replay.json', replay());
write('amino.json', amino());
