import { describe, expect, test } from 'vitest';
import { WITHOUT_ENGINE } from '../cometbft/network.ts';
import { settleThroughKills } from './kills.ts';

/* The short form; `npm run faults` settles 10,000. */

describe.skipIf(WITHOUT_ENGINE !== '')(`four validators under CometBFT${WITHOUT_ENGINE}`, () => {
  test('settle every job while they are killed one after the other', async () => {
    const report = await settleThroughKills({ jobs: 60, batch: 20, blockMs: 100 }, () => {});
    expect(report).toMatchObject({ jobs: 60, agreed: 60, appHashesEqual: true });
    expect(Object.values(report.kills).every((count) => count > 0)).toBe(true);
  }, 300_000);
});
