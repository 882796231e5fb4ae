import { create, toBinary } from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { toBech32 } from '@semblance/core/bech32';
import { Service } from '@semblance/proto/gen/cosmos/base/tendermint/v1beta1/query_pb';
import { PubKeySchema } from '@semblance/proto/gen/cosmos/crypto/ed25519/keys_pb';
import type { BlockJson, ValidatorsJson } from '../comet/answers.ts';
import { base64, block, blockId, hex, sdkBlock } from '../comet/block.ts';
import type { Page } from '../comet/engine.ts';
import { invalidArgument } from '../errors.ts';
import { answered, type CallContext } from './method.ts';
import { pageAt } from './pages.ts';

/** The release whose API this is: clients choose by it what they ask and how they read the answer. */
const COSMOS_SDK_VERSION = 'v0.53.8';
const MAX_PATH_LENGTH = 256;

const { method } = Service;

/** The engine's side of Cosmos' API: `cosmos.base.tendermint.v1beta1.Service`. */
export const cometMethods = [
  answered(method.getNodeInfo, nodeInfo),
  answered(method.getSyncing, async ({ engine }) => ({
    syncing: (await engine.status()).sync_info.catching_up,
  })),
  answered(method.getLatestBlock, async (context) =>
    blockAnswer(context, await context.engine.block()),
  ),
  answered(method.getBlockByHeight, async (context, { height }) =>
    blockAnswer(context, await context.engine.block(existing(height))),
  ),
  answered(method.getLatestValidatorSet, (context, { pagination }) =>
    validatorSet(context, pageAt(pagination)),
  ),
  answered(method.getValidatorSetByHeight, (context, { height, pagination }) =>
    validatorSet(context, pageAt(pagination), existing(height)),
  ),
  answered(method.aBCIQuery, async ({ engine }, { path, data, height, prove }) => {
    if (path.length > MAX_PATH_LENGTH)
      throw invalidArgument(`path: over ${MAX_PATH_LENGTH} letters`);
    const { response } = await engine.abciQuery({ path, data, height: notNegative(height), prove });
    return {
      code: response.code ?? 0,
      codespace: response.codespace ?? '',
      log: response.log ?? '',
      info: response.info ?? '',
      index: BigInt(response.index ?? 0),
      key: base64(response.key ?? ''),
      value: base64(response.value ?? ''),
      height: BigInt(response.height ?? 0),
      ...(response.proofOps && {
        proofOps: {
          ops: response.proofOps.ops.map(({ type, key, data }) => ({
            type,
            key: base64(key),
            data: base64(data),
          })),
        },
      }),
    };
  }),
] as const;

async function nodeInfo({ engine }: CallContext) {
  const [{ node_info: node }, { response: app }] = await Promise.all([
    engine.status(),
    engine.abciInfo(),
  ]);
  const { p2p, block, app: appVersion } = node.protocol_version;
  const name = app.data ?? '';
  return {
    defaultNodeInfo: {
      protocolVersion: { p2p: BigInt(p2p), block: BigInt(block), app: BigInt(appVersion) },
      defaultNodeId: node.id,
      listenAddr: node.listen_addr,
      network: node.network,
      version: node.version,
      channels: hex(node.channels),
      moniker: node.moniker,
      other: { txIndex: node.other.tx_index, rpcAddress: node.other.rpc_address },
    },
    applicationVersion: {
      name,
      appName: name,
      version: app.version ?? '',
      cosmosSdkVersion: COSMOS_SDK_VERSION,
    },
  };
}

async function blockAnswer(context: CallContext, json: BlockJson) {
  const proposer = await consensusAddress(context, json.block.header.proposer_address);
  return {
    blockId: blockId(json.block_id),
    block: block(json),
    sdkBlock: sdkBlock(json, proposer),
  };
}

async function validatorSet(context: CallContext, page: Page, height?: bigint) {
  const found = await context.engine.validators(page, height);
  const addresses = found.validators.map(({ address }) => consensusAddress(context, address));
  return {
    blockHeight: BigInt(found.block_height),
    validators: (await Promise.all(addresses)).map((address, i) => ({
      address,
      ...validator(found.validators[i] as ValidatorsJson['validators'][number]),
    })),
    pagination: { total: BigInt(found.total) },
  };
}

function validator({
  pub_key,
  voting_power,
  proposer_priority,
}: ValidatorsJson['validators'][number]) {
  return {
    pubKey: ed25519Key(base64(pub_key.value)),
    votingPower: BigInt(voting_power),
    proposerPriority: BigInt(proposer_priority),
  };
}

function ed25519Key(key: Uint8Array): Any {
  return create(AnySchema, {
    typeUrl: `/${PubKeySchema.typeName}`,
    value: toBinary(PubKeySchema, create(PubKeySchema, { key })),
  });
}

/** A validator's own address in Cosmos' spelling, such as `semvalcons1...`. */
async function consensusAddress(context: CallContext, address: string): Promise<string> {
  return toBech32(`${await context.bech32Prefix()}valcons`, hex(address));
}

function existing(height: bigint): bigint {
  if (height < 1n) throw invalidArgument('height: must be greater than 0');
  return height;
}

function notNegative(height: bigint): bigint {
  if (height < 0n) throw invalidArgument('height: must not be negative');
  return height;
}
