import { describe, expect, test } from 'vitest';
import { WITHOUT_ENGINE } from '../cometbft/network.ts';
import { joinByStateSync } from './state-sync.ts';

/* The short form; `npm run recovery -- state-sync` takes a million keys. */

describe.skipIf(WITHOUT_ENGINE !== '')(`state sync under CometBFT${WITHOUT_ENGINE}`, () => {
  test('a fresh node joins with 28,000 keys in state', { timeout: 180_000 }, async () => {
    const report = await joinByStateSync(
      { validators: 2, holders: 14_000, blockMs: 20, snapshotEvery: 100 },
      () => {},
    );
    expect(report.snapshot.keys).toBeGreaterThan(28_000);
    expect(report.snapshot.chunks).toBeGreaterThan(1);
    expect(report.join.firstHeight).toBeGreaterThanOrEqual(report.snapshot.height);
    expect(report.join.toFollowingSeconds).toBeLessThan(60);
    expect(report.compared.to - report.compared.from).toBeGreaterThan(3);
  });
});
