import { generateValidatorKey } from '@semblance/consensus/validator-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Chain, connect } from '../src/chain.ts';
import {
  createValidator,
  delegated,
  operatorAddress,
  undelegate,
  undelegatedUntil,
  validatorOf,
} from '../src/staking.ts';
import { keyAt, PREFIX, startNetwork, type TestNetwork } from './support/solo.ts';

let network: TestNetwork;
let chain: Chain;

beforeAll(async () => {
  network = await startNetwork(1);
  chain = await connect(network.rpcUrl);
});
afterAll(async () => {
  chain.close();
  await network.remove();
});

const DAY_MS = 24 * 3_600_000;
const usem = (amount: bigint) => ({ denom: 'usem', amount: amount.toString() });

describe('a validator', () => {
  it('begins with a stake, and is jailed when it takes the stake back', async () => {
    const key = keyAt(network, 0);
    const signer = key.signer(PREFIX);
    const account = signer.address;
    const operator = operatorAddress(PREFIX, key.addressBytes);
    expect(operator).toMatch(/^semvaloper1/);
    expect(await validatorOf(chain.query, operator)).toBeUndefined();
    expect(await delegated(chain.query, account, operator)).toBe(0n);

    const { publicKey } = generateValidatorKey();
    const stake = usem(3_000_000n);
    const creation = createValidator({ account, operator, publicKey, moniker: 'mine', stake });
    await chain.broadcast(signer, [creation]);
    expect(await validatorOf(chain.query, operator)).toEqual({
      isBonded: true,
      isJailed: false,
      tokens: 3_000_000n,
    });
    expect(await delegated(chain.query, account, operator)).toBe(3_000_000n);

    const outcome = await chain.broadcast(signer, [undelegate(account, operator, stake)]);
    const { timeMs } = await chain.query.block(outcome.height);
    expect(undelegatedUntil(outcome)).toBe(timeMs + 21 * DAY_MS);
    expect(await delegated(chain.query, account, operator)).toBe(0n);
    expect(await validatorOf(chain.query, operator)).toMatchObject({
      isBonded: false,
      isJailed: true,
    });
  });
});
