/** How an engine takes transactions: so many calls in one request, answered before or after a check. */
export interface Submission {
  readonly batch: number;
  readonly method: 'broadcast_tx_sync' | 'broadcast_tx_async';
}

/** What an engine says of a transaction that it holds already. */
const IS_KNOWN = 'already exists in cache';

/** Sends transactions of one signer, in base64: each request when the one before is answered. */
export async function submit(
  url: string,
  txs: readonly string[],
  { batch, method }: Submission,
): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const calls = txs.map((tx, id) => ({ jsonrpc: '2.0', id, method, params: { tx } }));
  for (let at = 0; at < calls.length; at += batch) {
    const body = JSON.stringify(calls.slice(at, at + batch));
    const response = await fetch(url, { method: 'POST', headers, body });
    // CometBFT answers a batch of one with the answer alone.
    for (const answer of [(await response.json()) as Answer | Answer[]].flat()) check(answer);
  }
}

interface Answer {
  readonly result?: { readonly code: number; readonly log: string };
  readonly error?: unknown;
}

function check({ result, error }: Answer): void {
  if (result?.code === 0 || JSON.stringify(error)?.includes(IS_KNOWN)) return;
  throw new Error(`refused: ${result?.log ?? JSON.stringify(error)}`);
}
