import { type DescMethod, fromBinary, type Message } from '@bufbuild/protobuf';
import {
  Query as AuthQuery,
  Bech32PrefixResponseSchema,
} from '@semblance/proto/gen/cosmos/auth/v1beta1/query_pb';
import type { RpcCall } from '../rpc/call.ts';
import { type Engine, engineOver } from './comet/engine.ts';
import { type ApiError, queryRefusal, toApiError, unimplemented } from './errors.ts';
import { cometMethods } from './methods/comet.ts';
import { type Answer, type Answerer, pathOf } from './methods/method.ts';
import { applicationQuery, askApplication } from './methods/query.ts';
import { txMethods } from './methods/tx.ts';

export interface ApiOptions {
  /** How the engine is reached; the application is behind it. */
  readonly call: RpcCall;
  /** Told of every error whose cause a client does not learn. */
  readonly report: (error: unknown) => void;
}

interface ApiRequest {
  readonly method: DescMethod;
  readonly message: Message;
  /** Height of the state to look at; undefined is the latest. */
  readonly height: bigint | undefined;
  readonly signal: AbortSignal;
}

/** Answers the methods of every service, however they were asked. Rejects with an {@link ApiError}. */
export interface Api {
  answer(request: ApiRequest): Promise<Answer>;
}

/** Methods that the application does not answer itself. */
export const ANSWERED_HERE: ReadonlyMap<string, Answerer> = new Map([
  ...cometMethods,
  ...txMethods,
]);

export function createApi({ call, report }: ApiOptions): Api {
  let prefix: Promise<string> | undefined;
  const bech32Prefix = (engine: Engine) => {
    prefix ??= askPrefix(engine).catch((error: unknown) => {
      prefix = undefined;
      throw error;
    });
    return prefix;
  };
  return {
    async answer({ method, message, height, signal }) {
      if (method.methodKind !== 'unary') throw unimplemented('Not Implemented');
      const engine = engineOver(call, signal);
      const context = { engine, height, bech32Prefix: () => bech32Prefix(engine) };
      const answerHere = ANSWERED_HERE.get(pathOf(method));
      try {
        return await (answerHere?.(context, message) ?? askApplication(context, method, message));
      } catch (error) {
        throw reported(report, error);
      }
    },
  };
}

/** The error as a client sees it; what nobody expected is told to the operator. */
function reported(report: (error: unknown) => void, error: unknown): ApiError {
  const apiError = toApiError(error);
  if (apiError.cause !== undefined) report(apiError.cause);
  return apiError;
}

/** It is part of genesis and never changes. */
async function askPrefix(engine: Engine): Promise<string> {
  const path = pathOf(AuthQuery.method.bech32Prefix);
  const result = await applicationQuery(engine, { path, data: new Uint8Array() });
  if (result.code !== 0) throw queryRefusal(result);
  return fromBinary(Bech32PrefixResponseSchema, result.value).bech32Prefix;
}
