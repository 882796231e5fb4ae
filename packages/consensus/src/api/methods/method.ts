import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import type { Engine } from '../comet/engine.ts';

/** What a method has at hand while it answers one request. */
export interface CallContext {
  readonly engine: Engine;
  /** Height of the state that the client wants to see; undefined is the latest. */
  readonly height: bigint | undefined;
  /** Prefix of account addresses. */
  bech32Prefix(): Promise<string>;
}

export interface Answer {
  readonly message: Message;
  /** Height of the state that was looked at, if it was state. */
  readonly height?: bigint;
}

export type Answerer = (context: CallContext, request: Message) => Promise<Answer>;

/** A gRPC method that is answered here and not by the application. */
export function answered<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  answer: (
    context: CallContext,
    request: MessageShape<I>,
  ) => MessageInitShape<O> | Promise<MessageInitShape<O>>,
): readonly [path: string, Answerer] {
  return [
    pathOf(method),
    async (context, request) => ({
      message: create(method.output, await answer(context, request as MessageShape<I>)),
    }),
  ];
}

/** The name by which gRPC and `abci_query` call a method. */
export function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
