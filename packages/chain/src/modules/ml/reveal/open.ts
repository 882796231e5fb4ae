import { equals } from '@semblance/core/bytes';
import { verifyMerklePath } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { hashImage, type PerceptualHashes } from '@semblance/perceptual-hash/hashes';
import type { JobRequest, MsgReveal } from '@semblance/proto/ml';
import { resultSizeOf } from '@semblance/proto/task';
import { commitment } from '@semblance/verification/commitment';
import { decodePng, PngError } from '@semblance/verification/png';
import { fileLeafData } from '@semblance/verification/trajectory';
import { Recent } from '../../../recent.ts';
import { toByteString } from '../../../store/byte-string.ts';
import { taskOf } from '../tasks.ts';

/** What a reveal is held against. */
export interface Expected {
  /** Of the node, 20 bytes. */
  readonly address: Uint8Array;
  readonly commitment: Uint8Array;
  readonly request: JobRequest;
  readonly maxFileBytes: number;
}

/** What of a good reveal is kept in state: the file itself stays in the block. */
export interface Opened {
  readonly trajectoryRoot: Uint8Array;
  readonly fileSha256: Uint8Array;
  readonly fileBytes: number;
  readonly averageHash: Uint8Array;
  readonly perceptualHash: Uint8Array;
  readonly differenceHash: Uint8Array;
  readonly colorHash: Uint8Array;
}

/**
 * Opens a commitment and judges the file behind it. A fault is a verdict, so it is returned. Its
 * words go into state, so they are fixed: of the decoder's errors only the stable code stands there.
 */
export function openReveal(reveal: MsgReveal, expected: Expected): Opened | { fault: string } {
  const { jobId, salt, trajectoryRoot: root, file } = reveal;
  const opening = commitment({ jobId, node: expected.address, root, salt });
  if (!equals(opening, expected.commitment)) return { fault: 'commitment: not opened' };
  const fileSha256 = sha256(file);
  const leaf = fileLeafData(fileSha256);
  if (!verifyMerklePath(root, leaf, reveal.fileLeaf, reveal.leaves, reveal.filePath)) {
    return { fault: 'file_path: does not lead from the file to the root' };
  }
  if (file.length > expected.maxFileBytes) return { fault: 'file: too large' };
  const hashes = judgeFile(file, fileSha256, expected);
  if ('fault' in hashes) return hashes;
  return {
    trajectoryRoot: root,
    fileSha256,
    fileBytes: file.length,
    averageHash: hashes.average,
    perceptualHash: hashes.perceptual,
    differenceHash: hashes.difference,
    colorHash: hashes.color,
  };
}

type Judgement = PerceptualHashes | { readonly fault: string };

/**
 * Machines of one kind make the same file of a job, which needs to be decoded only once. A file
 * that is too large never comes this far, so that its hash and the size decide.
 */
const judged = new Recent<Judgement>(1024);

/** Hashes of the file's image, if it is one and of the size that was asked for. */
function judgeFile(
  file: Uint8Array,
  fileSha256: Uint8Array,
  { request, maxFileBytes }: Expected,
): Judgement {
  const { width, height } = resultSizeOf(taskOf(request));
  const key = `${width}x${height} ${toByteString(fileSha256)}`;
  const known = judged.get(key);
  if (known !== undefined) return known;
  const judgement = hashFile(file, { width, height, maxFileBytes });
  judged.set(key, judgement);
  return judgement;
}

function hashFile(
  file: Uint8Array,
  { width, height, maxFileBytes }: { width: number; height: number; maxFileBytes: number },
): Judgement {
  try {
    const image = decodePng(file, { maxPixels: width * height, maxFileBytes });
    if (image.width === width && image.height === height) return hashImage(image);
    return { fault: 'file: not of the requested size' };
  } catch (error) {
    if (error instanceof PngError) return { fault: `file: ${error.code}` };
    throw error;
  }
}
