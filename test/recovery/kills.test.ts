import { describe, expect, test } from 'vitest';
import { WITHOUT_ENGINE } from '../cometbft/network.ts';
import { type EngineName, killAtEveryStage, STAGES } from './kills.ts';

/* The short form, once at every stage; `npm run recovery -- kills` takes 200 of each engine. */

async function killOnceAtEveryStage(engine: EngineName): Promise<void> {
  const stages = STAGES[engine];
  const report = await killAtEveryStage(engine, stages.length, () => {});
  expect(report.stages).toEqual(Object.fromEntries(stages.map((stage) => [stage, 1])));
  expect(report.heights).toBeGreaterThan(100);
  expect(report.transactions).toBeGreaterThan(10);
}

describe('kill -9 at every stage of a block', () => {
  test('under the embedded engine', { timeout: 300_000 }, () => killOnceAtEveryStage('solo'));

  test.skipIf(WITHOUT_ENGINE !== '')(`under CometBFT${WITHOUT_ENGINE}`, { timeout: 600_000 }, () =>
    killOnceAtEveryStage('cometbft'),
  );
});
