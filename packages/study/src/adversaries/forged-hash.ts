import { averageHash } from '@semblance/perceptual-hash/average-hash';
import { hashImage } from '@semblance/perceptual-hash/hashes';
import type { Adversary } from './adversary.ts';
import { forgeHashes } from './forge/forge.ts';

const BECAUSE =
  'It needs the honest hashes before it commits, and nobody has revealed any by then: it must have run the job itself or be told by a member that did. Then the committed last latent still does not decode to these pixels.';

/** Pixels of another picture, edited until the hashes are the honest ones. */
export const FORGED_HASHES: readonly Adversary[] = [
  {
    name: 'forged-average',
    title: 'Another picture, edited until its average hash is the honest one',
    group: 'forged-hash',
    decidedBy: ['commit', 'spot-check'],
    because: BECAUSE,
    makes: {
      way: 'alter',
      alter: async ({ honest, other }) => forgeHashes(other, { average: averageHash(honest) }),
    },
  },
  {
    name: 'forged-all',
    title: 'Another picture, edited until all four hashes are the honest ones',
    group: 'forged-hash',
    decidedBy: ['commit', 'spot-check'],
    because: BECAUSE,
    makes: {
      way: 'alter',
      alter: async ({ honest, other }) => forgeHashes(other, hashImage(honest)),
    },
  },
];
