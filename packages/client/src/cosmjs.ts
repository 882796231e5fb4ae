import {
  create,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  type MessageInitShape,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { fromBase64 } from '@cosmjs/encoding';
import {
  type GeneratedType,
  type OfflineDirectSigner,
  Registry,
  type TsProto2GeneratedType,
} from '@cosmjs/proto-signing';
import {
  type AminoConverter,
  AminoTypes,
  createDefaultAminoConverters,
  defaultRegistryTypes,
} from '@cosmjs/stargate';
import { InvalidInputError } from '@semblance/core/errors';
import {
  MsgCommitSchema,
  MsgRegisterModelSchema,
  MsgRegisterNodeSchema,
  MsgRevealSchema,
  MsgSubmitJobSchema,
  MsgUnjailNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUpdateNodeSchema,
} from '@semblance/proto/ml';
import type { Signer } from './signer.ts';

/*
 * For applications that already use CosmJS: the ml messages as it wants them. Values are
 * protobuf-es messages or their init objects (camelCase, bigint, `task: {case, value}`).
 */

const SCHEMAS: readonly DescMessage[] = [
  MsgRegisterNodeSchema,
  MsgUpdateNodeSchema,
  MsgUnregisterNodeSchema,
  MsgUnjailNodeSchema,
  MsgRegisterModelSchema,
  MsgSubmitJobSchema,
  MsgCommitSchema,
  MsgRevealSchema,
];

/** Registry of CosmJS: its own messages of Cosmos' modules, and the ml messages. */
export function createRegistry(): Registry {
  const ml = SCHEMAS.map((schema): [string, GeneratedType] => [
    `/${schema.typeName}`,
    generatedType(schema),
  ]);
  return new Registry([...defaultRegistryTypes, ...ml]);
}

/**
 * Amino converters of CosmJS, for Ledger and old wallets. The type is `semblance/ml/MsgX`; fields
 * are snake_case with empty ones left out, 64-bit integers and amounts are strings, bytes base64.
 */
export function createAminoTypes(): AminoTypes {
  const ml = SCHEMAS.map((schema) => [`/${schema.typeName}`, aminoConverter(schema)] as const);
  return new AminoTypes({ ...createDefaultAminoConverters(), ...Object.fromEntries(ml) });
}

/** A wallet of CosmJS or Keplr as a signer. Throws InvalidInputError without a secp256k1 account. */
export async function fromOfflineSigner(
  wallet: OfflineDirectSigner,
  address?: string,
): Promise<Signer> {
  const account = (await wallet.getAccounts()).find(
    (candidate) =>
      candidate.algo === 'secp256k1' && candidate.address === (address ?? candidate.address),
  );
  if (!account) throw new InvalidInputError('wallet', 'holds no such secp256k1 account');
  return {
    address: account.address,
    publicKey: account.pubkey,
    sign: async ({ bodyBytes, authInfoBytes, chainId, accountNumber }) => {
      const doc = { bodyBytes, authInfoBytes, chainId, accountNumber };
      const { signed, signature } = await wallet.signDirect(account.address, doc);
      return {
        bodyBytes: signed.bodyBytes,
        authInfoBytes: signed.authInfoBytes,
        signature: fromBase64(signature.signature),
      };
    },
  };
}

function generatedType(schema: DescMessage): TsProto2GeneratedType {
  type Encode = TsProto2GeneratedType['encode'];
  const encode = (message: Message): BinaryWriter =>
    new BinaryWriter().raw(toBinary(schema, message));
  return {
    // CosmJS is typed against the CommonJS build of the same class.
    encode: encode as unknown as Encode,
    decode: (input) => fromBinary(schema, input as Uint8Array),
    fromPartial: (fields: MessageInitShape<DescMessage>) => create(schema, fields),
  };
}

function aminoConverter(schema: DescMessage): AminoConverter {
  return {
    aminoType: `semblance/ml/${schema.name}`,
    toAmino: (fields: MessageInitShape<DescMessage>) =>
      toJson(schema, create(schema, fields), { useProtoFieldName: true }),
    fromAmino: (value: JsonValue) => fromJson(schema, value),
  };
}
