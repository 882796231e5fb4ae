import { toHex } from '@semblance/core/bytes';
import type { Contribution } from '@semblance/verification/beacon';
import { Recent } from '../../recent.ts';
import type { ReadExtension } from './carried.ts';

/** Two heights of the most validators that a chain of ours has had. */
const KEPT = 1000;

/**
 * The same reading, done once: an extension is checked with its vote, in the proposal and in the
 * block, at some 2 ms each.
 */
export function rememberExtensions(read: ReadExtension): ReadExtension {
  const right = new Recent<Contribution>(KEPT);
  return (extension, input) => {
    const key = toHex(extension) + toHex(input);
    const known = right.get(key);
    if (known !== undefined) return known;
    const contribution = read(extension, input);
    if (contribution !== undefined) right.set(key, contribution);
    return contribution;
  };
}
