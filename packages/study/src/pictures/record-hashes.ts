import type { FileHandle } from 'node:fs/promises';
import { fromHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { type HashSet, hashSet, MAX_HASHES } from '@semblance/perceptual-hash/hamming/hash-set';
import { linesOf } from './lines.ts';
import { type HashName, parseRecord } from './record.ts';

const BYTES = 8;

/**
 * One hash of each record of a file that `hashPictures` has written, in their order, as 64 bits in
 * shared memory; the colour hash has 22 zero bits before its 42.
 *
 * @throws InvalidInputError naming the file and the line where a record is not as it was written
 */
export async function readRecordHashes(
  file: FileHandle,
  path: string,
  hash: HashName,
): Promise<HashSet> {
  const { size } = await file.stat();
  let bytes = new Uint8Array(new SharedArrayBuffer(1 << 16));
  let count = 0;
  let end = 0;
  for await (const { text, at, length } of linesOf(file)) {
    const record = parseRecord(text);
    if (!record)
      throw new InvalidInputError(path, `line ${count + 1}: no whole record of a picture`);
    if (count === MAX_HASHES) throw new InvalidInputError(path, `more than ${MAX_HASHES} hashes`);
    if ((count + 1) * BYTES > bytes.length) bytes = twiceAsLong(bytes);
    const value = fromHex(record[hash]);
    bytes.set(value, (count + 1) * BYTES - value.length);
    count++;
    end = at + length + 1;
  }
  if (end < size) throw new InvalidInputError(path, `truncated after line ${count}`);
  return hashSet(64, bytes.subarray(0, count * BYTES), path);
}

function twiceAsLong(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const longer = new Uint8Array(new SharedArrayBuffer(2 * bytes.length));
  longer.set(bytes);
  return longer;
}
