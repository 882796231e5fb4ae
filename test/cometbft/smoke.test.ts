import { describe, expect, test } from 'vitest';
import { semblance } from '../e2e/semblance.ts';
import { WITHOUT_ENGINE } from './network.ts';

describe.skipIf(WITHOUT_ENGINE !== '')(`network smoke${WITHOUT_ENGINE}`, () => {
  test('four validators and six nodes settle twenty jobs over a kill -9', {
    timeout: 660_000,
  }, async () => {
    const { code, stdout, stderr } = await semblance('network', 'smoke', '--json');
    expect(stderr).toBe('');
    const report = JSON.parse(stdout);
    expect(report).toEqual({
      engine: expect.stringMatching(/^cometbft 0\.38\.\d+$/),
      validators: 4,
      settled: 20,
      heights: Array(4).fill(expect.any(Number)),
      appHashesEqual: true,
      recovered: true,
    });
    expect(code).toBe(0);
  });
});
