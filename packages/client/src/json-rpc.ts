import { RpcError, UnreachableError } from './errors.ts';

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** JSON-RPC 2.0 over HTTP POST, as CometBFT serves it. */
export interface JsonRpc {
  readonly url: string;
  call(method: string, params: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A block with every reveal of a large committee stays far below. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function createJsonRpc(url: string): JsonRpc {
  let id = 0;
  return {
    url,
    call: async (method, params, { signal, timeoutMs = DEFAULT_TIMEOUT_MS } = {}) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      const request = { jsonrpc: '2.0', id: ++id, method, params };
      const answer = await post(
        url,
        request,
        signal ? AbortSignal.any([signal, deadline]) : deadline,
      )
        // The caller's own abort is passed on as it is.
        .catch((cause: unknown) => {
          signal?.throwIfAborted();
          throw cause instanceof UnreachableError
            ? cause
            : new UnreachableError(url, deadline.aborted ? 'timed out' : 'no answer', { cause });
        });
      return resultOf(url, method, answer);
    },
  };
}

async function post(url: string, request: unknown, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal,
  });
  return JSON.parse(await boundedText(url, response));
}

async function boundedText(url: string, response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    if (bytes > MAX_ANSWER_BYTES) {
      await reader.cancel();
      throw new UnreachableError(url, `answer above ${MAX_ANSWER_BYTES} bytes`);
    }
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}

function resultOf(url: string, method: string, answer: unknown): unknown {
  const { result, error } = (answer ?? {}) as {
    result?: unknown;
    error?: { code?: number; message?: string; data?: string };
  };
  if (error) {
    const message = [error.message, error.data].filter(Boolean).join(': ');
    throw new RpcError(method, Number(error.code ?? 0), message);
  }
  if (result === undefined) throw new UnreachableError(url, 'not a JSON-RPC answer');
  return result;
}
