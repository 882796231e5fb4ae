import { describe, expect, test } from 'vitest';
import { WITHOUT_ENGINE } from '../cometbft/network.ts';
import { settleThroughKills } from './kills.ts';

/* The short form; `npm run faults` settles 10,000. */

describe.skipIf(WITHOUT_ENGINE !== '')(`four validators under CometBFT${WITHOUT_ENGINE}`, () => {
  test('settle every job while they are killed one after the other', async () => {
    const { signal } = new AbortController();
    const options = { jobs: 120, batch: 20, lanes: 3, blockMs: 100, signal };
    const report = await settleThroughKills(options, () => {});
    expect(report).toMatchObject({ settled: 120, agreed: 120, reveals: 360, appHashesEqual: true });
    expect(Object.values(report.kills).every((count) => count > 0)).toBe(true);
  }, 300_000);
});
