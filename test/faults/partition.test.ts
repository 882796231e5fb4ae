import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  appHashes,
  heightOf,
  reach,
  startNetwork,
  type TestValidator,
  until,
  WITHOUT_ENGINE,
} from '../cometbft/network.ts';
import { makeIslands, WITHOUT_ISLANDS } from './islands.ts';

/* Four validators on hosts of their own, and cables between them that are pulled. */

const WITHOUT = WITHOUT_ENGINE || WITHOUT_ISLANDS;
/** Peers that were cut off are tried again after some seconds, and then more seldom. */
const HEALING_MS = 120_000;
const BLOCK_MS = 100;

describe.skipIf(WITHOUT !== '')(`four validators, cut off from one another${WITHOUT}`, () => {
  test('go on without one, halt without two, and lose nothing', async () => {
    const islands = makeIslands(4);
    onTestFinished(() => islands.remove());
    const network = await startNetwork(4, BLOCK_MS, { places: islands.places });
    onTestFinished(() => network.remove());
    const { validators } = network;
    const [first, second, third, fourth] = validators as Four;
    await Promise.all(validators.map((validator) => reach(validator, 3)));

    islands.cut(3);
    const alone = await heightOf(first);
    await reach(first, alone + 8);
    islands.heal(3);
    await until(
      'the fourth catches up',
      async () => ((await heightOf(fourth)) >= alone + 8 ? true : undefined),
      HEALING_MS,
    );

    islands.cut(2);
    islands.cut(3);
    const stuck = await until('the chain halts', () => unmoved(first), HEALING_MS);
    expect(await unmoved(second)).toBe(stuck);
    const before = await appHashes(first, stuck);

    islands.heal(2);
    islands.heal(3);
    await until(
      'the chain goes on',
      async () => ((await heightOf(first)) >= stuck + 3 ? true : undefined),
      HEALING_MS,
    );
    await Promise.all([second, third, fourth].map((validator) => reach(validator, stuck + 3)));
    const histories = await Promise.all(validators.map((one) => appHashes(one, stuck + 3)));
    for (const history of histories) expect(history).toEqual(histories[0]);
    expect(histories[0]?.slice(0, stuck)).toEqual(before);
  }, 400_000);
});

type Four = [TestValidator, TestValidator, TestValidator, TestValidator];

/** Two of four are no two thirds: not even the first vote on a block can end. */
const WATCHED_MS = 50 * BLOCK_MS;

/** The height, if it is the same one fifty block times later. */
async function unmoved(validator: TestValidator): Promise<number | undefined> {
  const height = await heightOf(validator);
  await delay(WATCHED_MS);
  return (await heightOf(validator)) === height ? height : undefined;
}
