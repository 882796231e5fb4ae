import type { DescMethod, Message } from '@bufbuild/protobuf';
import { ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import { SERVICES } from '@semblance/proto/services';
import type { Api } from '../api.ts';
import { toApiError } from '../errors.ts';
import { HEIGHT_HEADER, requestedHeight } from '../height-header.ts';
import { LIMITS } from '../limits.ts';

/** What both gRPC and gRPC-web are served with. */
export const ROUTER_LIMITS = {
  readMaxBytes: LIMITS.bodyBytes,
  writeMaxBytes: LIMITS.answerBytes,
  maxTimeoutMs: LIMITS.requestMs,
} as const;

/** Every method of every service, under Connect's router. */
export function grpcRoutes(api: Api): (router: ConnectRouter) => void {
  return (router) => {
    for (const service of SERVICES) {
      const methods = service.methods.map((method) => [method.localName, answererOf(api, method)]);
      router.service(service, Object.fromEntries(methods));
    }
  };
}

function answererOf(api: Api, method: DescMethod) {
  return async (message: Message, context: HandlerContext): Promise<Message> => {
    try {
      const height = requestedHeight(context.requestHeader.get(HEIGHT_HEADER));
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LIMITS.answerMs)]);
      const answer = await api.answer({ method, message, height, signal });
      if (answer.height !== undefined) {
        context.responseHeader.set(HEIGHT_HEADER, String(answer.height));
      }
      return answer.message;
    } catch (error) {
      const { message: text, details } = toApiError(error);
      throw new ConnectError(text, details.status);
    }
  };
}
