import { create, type DescFile, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, type ConnectRouter } from '@connectrpc/connect';
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionResponseSchema,
} from '@semblance/proto/gen/grpc/reflection/v1/reflection_pb';
import { FILES, SERVICES } from '@semblance/proto/services';

/* Server reflection: by it tools like grpcurl learn what a server has without any .proto file. */

type Answer = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']
>;

export function reflectionRoutes(router: ConnectRouter): void {
  router.service(ServerReflection, {
    async *serverReflectionInfo(requests) {
      for await (const originalRequest of requests) {
        const { host: validHost } = originalRequest;
        const messageResponse = answerTo(originalRequest.messageRequest);
        yield create(ServerReflectionResponseSchema, {
          validHost,
          originalRequest,
          messageResponse,
        });
      }
    },
  });
}

function answerTo({ case: kind, value }: ServerReflectionRequest['messageRequest']): Answer {
  switch (kind) {
    case 'listServices':
      return {
        case: 'listServicesResponse',
        value: { service: SERVICES.map(({ typeName: name }) => ({ name })) },
      };
    case 'fileByFilename':
      return fileAnswer(
        [...FILES].find(({ proto }) => proto.name === value),
        value,
      );
    case 'fileContainingSymbol':
      return fileAnswer(fileWith(value), value);
    case 'fileContainingExtension':
    case 'allExtensionNumbersOfType':
    case undefined:
      return refusal(Code.Unimplemented, 'extensions are not told of');
  }
}

function fileAnswer(file: DescFile | undefined, wanted: string): Answer {
  if (file === undefined) return refusal(Code.NotFound, `not found: ${wanted}`);
  const fileDescriptorProto = [toBinary(FileDescriptorProtoSchema, file.proto)];
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function refusal(errorCode: Code, errorMessage: string): Answer {
  return { case: 'errorResponse', value: { errorCode, errorMessage } };
}

/** The file of a type or service, or of a method or field inside it. */
function fileWith(symbol: string): DescFile | undefined {
  return BY_SYMBOL.get(symbol) ?? BY_SYMBOL.get(symbol.slice(0, symbol.lastIndexOf('.')));
}

const BY_SYMBOL: ReadonlyMap<string, DescFile> = new Map(
  [...FILES].flatMap((file) =>
    [...file.services, ...file.messages, ...file.enums].map(({ typeName }) => [typeName, file]),
  ),
);
