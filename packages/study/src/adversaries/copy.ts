import type { Adversary } from './adversary.ts';

/** What a lazy verifier and a copycat hand in: somebody else's honest result, byte for byte. */
export const COPIES: readonly Adversary[] = [
  {
    name: 'echo',
    title: "A lazy verifier that echoes another's result",
    group: 'copy',
    decidedBy: ['commit'],
    because:
      'Its result is the honest one, so nothing about it is wrong but that it is copied. It can only be copied once it is revealed, and reveals begin when every commitment is on chain.',
    makes: { way: 'reuse', jobOf: (at) => at },
  },
];
