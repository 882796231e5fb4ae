import { checkReceipt, type ReceiptVerdict } from '@semblance/client/check-receipt';
import { getFile, getReceipt } from './api.ts';

/** Fetches a job's receipt and its files, begun from and revealed, and judges them again in this browser. */
export async function recheckReceipt(
  jobId: string,
  sha256s: readonly string[],
): Promise<ReceiptVerdict> {
  const distinct = [...new Set(sha256s)];
  const [receipt, ...files] = await Promise.all([getReceipt(jobId), ...distinct.map(getFile)]);
  return checkReceipt(
    receipt,
    new Map(distinct.map((sha256, index) => [sha256, files[index] as Uint8Array])),
  );
}
