import {
  errorJson,
  invalidRequest,
  methodNotFound,
  parseError,
  type RpcError,
  toRpcError,
} from './errors.ts';
import { LIMITS } from './limits.ts';
import { methods } from './methods/table.ts';
import type { RpcNode } from './node.ts';
import { jsonParams } from './params.ts';

export type RequestId = string | number | null;

/** A request's envelope, checked. Without an id it is a notification and gets no answer. */
export interface RpcRequest {
  readonly id: RequestId | undefined;
  readonly method: string;
  readonly params: unknown;
}

const MAX_ID_LENGTH = 256;

/** Answers the text of a request or a batch; nothing when all were notifications. */
export async function answer(node: RpcNode, text: string): Promise<string> {
  const parsed = parseText(text);
  if (!Array.isArray(parsed)) return answerOne(node, parsed);
  if (parsed.length === 0) throw invalidRequest('empty batch');
  if (parsed.length > LIMITS.batch) throw invalidRequest(`more than ${LIMITS.batch} in a batch`);
  const answers: string[] = [];
  for (const request of parsed) answers.push(await answerOne(node, request));
  return `[${answers.filter((one) => one !== '').join(',')}]`;
}

export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw parseError('error unmarshaling request');
  }
}

async function answerOne(node: RpcNode, raw: unknown): Promise<string> {
  let request: RpcRequest;
  try {
    request = parseRequest(raw);
  } catch (error) {
    return failure(null, toRpcError(error));
  }
  return answerRequest(node, request);
}

/** The answer's text; empty for a notification. */
export async function answerRequest(node: RpcNode, request: RpcRequest): Promise<string> {
  const { id } = request;
  if (id === undefined) return '';
  try {
    return success(id, await call(node, request));
  } catch (error) {
    return failure(id, reported(node, error));
  }
}

/** Runs the method. Throws what goes wrong, as it was thrown. */
async function call(node: RpcNode, { method, params }: RpcRequest): Promise<unknown> {
  const found = methods.get(method);
  if (found === undefined) throw methodNotFound(method.slice(0, 64));
  return found.call(node, jsonParams(params, found.params));
}

/** The error as a client sees it; what nobody expected is reported to the operator. */
export function reported(node: RpcNode, error: unknown): RpcError {
  const rpcError = toRpcError(error);
  if (rpcError.cause !== undefined) node.report(rpcError.cause);
  return rpcError;
}

export function parseRequest(raw: unknown): RpcRequest {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw invalidRequest('not an object');
  }
  const { id, method, params } = raw as Record<string, unknown>;
  if (typeof method !== 'string') throw invalidRequest('method is not a string');
  return { id: parseId(id), method, params };
}

function parseId(id: unknown): RequestId | undefined {
  if (id === undefined || id === null || typeof id === 'number') return id;
  if (typeof id === 'string' && id.length <= MAX_ID_LENGTH) return id;
  throw invalidRequest('id is neither a number nor a short string');
}

export function success(id: RequestId, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function failure(id: RequestId, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: errorJson(error) });
}
