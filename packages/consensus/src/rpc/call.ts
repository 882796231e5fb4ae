import { SemblanceError } from '@semblance/core/errors';
import { internalError, methodNotFound, RpcError } from './errors.ts';
import { reported } from './json-rpc.ts';
import { methods } from './methods/table.ts';
import type { RpcNode } from './node.ts';
import { jsonParams } from './params.ts';

/**
 * Calls a method of CometBFT's JSON-RPC with its arguments by name and resolves with its result,
 * whichever engine answers and however it is reached. Rejects with an {@link RpcError} when the
 * method refuses, with {@link EngineUnreachableError} when nobody answers.
 */
export type RpcCall = (
  method: string,
  params: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) => Promise<unknown>;

export class EngineUnreachableError extends SemblanceError<'ENGINE_UNREACHABLE'> {}

/** Calls the methods of a node in this process. */
export function inProcessCall(node: RpcNode): RpcCall {
  return async (name, params) => {
    const method = methods.get(name);
    if (method === undefined) throw methodNotFound(name);
    try {
      return await method.call(node, jsonParams(params, method.params));
    } catch (error) {
      throw reported(node, error);
    }
  };
}

/** Calls the methods of a node by HTTP, such as CometBFT's at `http://127.0.0.1:26657`. */
export function httpCall(url: string): RpcCall {
  return async (method, params, signal) => {
    const { result, error } = await post(url, { jsonrpc: '2.0', id: 0, method, params }, signal);
    if (error === undefined) return result;
    throw new RpcError(error.code, error.message, error.data ?? '');
  };
}

interface Envelope {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: string };
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<Envelope> {
  let response: Response;
  try {
    const headers = { 'content-type': 'application/json' };
    response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal });
  } catch (cause) {
    signal.throwIfAborted();
    const message = `no answer from the engine at ${url}`;
    throw new EngineUnreachableError('ENGINE_UNREACHABLE', message, { url }, { cause });
  }
  try {
    return (await response.json()) as Envelope;
  } catch (cause) {
    throw internalError(`the engine answered ${response.status} without JSON`, cause);
  }
}
