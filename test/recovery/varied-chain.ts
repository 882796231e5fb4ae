import { createApplication } from '@semblance/chain/app';
import { toHex } from '@semblance/core/bytes';
import { VoteOption } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { createMemoryStore } from '../../packages/chain/src/store/memory-store.ts';
import { PRODUCER, startChain } from '../../packages/chain/test/support/chain.ts';
import { submit, text, voteOn } from '../../packages/chain/test/support/gov.ts';
import {
  FUNDED,
  idOf,
  mlGenesis,
  NODES,
  queryJob,
  REQUESTER,
  request,
  submitMessage,
  workOf,
} from '../../packages/chain/test/support/ml.ts';
import { picture } from '../../packages/chain/test/support/png.ts';
import {
  createValidator,
  delegate,
  undelegate,
  withdrawReward,
} from '../../packages/chain/test/support/staking.ts';
import { sendMessage } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import { recorded } from './recording.ts';

/* A chain with something of every module in it, as a recording for whoever executes it again. */

const SECOND = wallet('second validator');
const SEM = 1_000_000n;

/** Writes the recording and returns the application hashes after each height. */
export function recordVariedChain(path: string, jobs: number): string[] {
  const chain = startChain({
    balances: [...FUNDED, { of: SECOND, usem: 1000n * SEM }, { of: PRODUCER, usem: 1000n * SEM }],
    ml: mlGenesis(),
    staking: { params: { unbonding_ms: '20000', max_validators: '3' } },
    gov: { params: { min_deposit: '1000000', voting_period_ms: '10000' } },
  });
  const done = (who: Wallet, ...messages: Parameters<typeof chain.deliver>[1]) => {
    const { code, log } = chain.deliver(who, messages);
    if (code !== 0) throw new Error(log);
  };
  done(REQUESTER, sendMessage(REQUESTER.address, wallet('stranger').address, 5n));
  done(SECOND, createValidator(SECOND, 20n * SEM));
  done(REQUESTER, delegate(REQUESTER, SECOND, 7n * SEM));
  done(PRODUCER, submit(PRODUCER, text(), SEM));
  done(PRODUCER, voteOn(PRODUCER, 1n, VoteOption.VOTE_OPTION_YES));
  done(REQUESTER, undelegate(REQUESTER, SECOND, 3n * SEM));
  for (let seed = 0; seed < jobs; seed++) {
    const wanted = request({}, { seed: BigInt(seed) });
    const id = idOf(wanted);
    done(REQUESTER, submitMessage(wanted));
    const works = queryJob(chain.app, id).members.map(({ node }, i) => {
      const who = NODES.find(({ address }) => address === node) as Wallet;
      return { who, work: workOf(who, id, picture(i)) };
    });
    chain.block(works.map(({ who, work }) => chain.tx(who, [work.commit])));
    // Every fourth job has a member that never opens its commitment.
    const open = seed % 4 === 3 ? works.slice(1) : works;
    chain.block(open.map(({ who, work }) => chain.tx(who, [work.reveal()])));
    chain.block([], seed % 4 === 3 ? 40_000n : 1000n);
  }
  done(REQUESTER, withdrawReward(REQUESTER, SECOND));
  chain.block([Uint8Array.of(1, 2, 3)], 30_000n);

  const app = recorded(createApplication({ store: createMemoryStore() }), path);
  app.initChain(chain.genesis);
  return chain.blocks.map((block) => {
    const { appHash } = app.finalizeBlock(block);
    app.commit();
    return toHex(appHash);
  });
}
