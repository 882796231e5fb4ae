import { describe, expect, test } from 'vitest';
import { semblance } from './semblance.ts';

describe('study billion', () => {
  const small = ['study', 'billion', '--classes', '3', '--per-class', '20', '--no-peers'];

  test('prints one JSON object', async () => {
    const { code, stdout } = await semblance(...small, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [
        { hashes: 'uniform', sameClass: { pairs: 570 }, cross: { pairs: 3600 } },
        { hashes: 'clustered', sameClass: { pairs: 570 }, cross: { pairs: 3600 } },
      ],
      peers: [],
    });
  });

  test('prints what people read', async () => {
    const { code, stdout } = await semblance(...small);
    expect(code).toBe(0);
    expect(stdout).toContain('uniform: 60 hashes of 64 bits in 3 classes');
    expect(stdout).toContain('same class, bits: 570 pairs in');
  });

  test.each([
    [['--file', 'no-such-file'], 'no-such-file: no such file'],
    [['--against', 'x'], 'against: needs --file beside it'],
    [['--threads', '0'], 'threads: not an integer from 1 to 256: 0'],
    [['--classes', '0'], 'classes: not an integer from 1'],
    [['--seed', '-1'], 'not an integer from 0 to 2^32-1'],
  ])('%j is one clear line', async (options, reason) => {
    const { code, stderr } = await semblance('study', 'billion', ...options);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(stderr).not.toContain('    at ');
  });
});
