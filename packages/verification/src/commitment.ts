import { fromUtf8 } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';

const JOB = fromUtf8('semblance/job/v1');
const COMMITMENT = fromUtf8('semblance/commitment/v1');

/** Identity of a job, 32 bytes: the hash of its request's deterministic protobuf encoding. */
export function jobId(requestBytes: Uint8Array): Uint8Array {
  return sha256(JOB, requestBytes);
}

export interface Opening {
  /** 32 bytes. */
  readonly jobId: Uint8Array;
  /** Account address of the node, 20 bytes. */
  readonly node: Uint8Array;
  /** Merkle root over the trajectory, 32 bytes. */
  readonly root: Uint8Array;
  /** 32 random bytes, kept secret until the reveal. */
  readonly salt: Uint8Array;
}

/**
 * What a node puts on chain before anybody reveals, 32 bytes. The node's address is inside, so a
 * copied commitment is worthless, and the salt hides results that are easy to guess.
 * Every part has a fixed length, so no two openings share an encoding. Throws RangeError on others.
 */
export function commitment({ jobId, node, root, salt }: Opening): Uint8Array {
  requireLength('jobId', jobId, 32);
  requireLength('node', node, 20);
  requireLength('root', root, 32);
  requireLength('salt', salt, 32);
  return sha256(COMMITMENT, jobId, node, root, salt);
}

function requireLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length)
    throw new RangeError(`${name} has ${bytes.length} bytes, not ${length}`);
}
