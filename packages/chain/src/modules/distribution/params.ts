import { InvalidInputError } from '@semblance/core/errors';
import { type Decimal, formatDecimal, ONE, parseDecimal } from '../../decimal.ts';
import { readObject, readString } from '../../genesis-json.ts';
import { decodeIntegers, encodeIntegers } from '../../integers.ts';
import { parseAmount } from '../bank/coin.ts';

/** How a block's gas fees, its share of job fees and its reward are split. */
export interface DistributionParams {
  /** Part of 1 that goes to the community pool. */
  readonly communityTax: Decimal;
  /** Part of 1 that goes to ML nodes, on top of what their jobs pay. The rest is the validators'. */
  readonly nodeShare: Decimal;
  /** Base units created in every block. */
  readonly blockReward: bigint;
}

/** In genesis and in proposals. */
export interface DistributionParamsJson {
  readonly community_tax?: string;
  readonly node_share?: string;
  readonly block_reward?: string;
}

/** Nothing is minted, and what jobs pay to their nodes is all that nodes get. */
const DEFAULTS: DistributionParams = {
  communityTax: ONE / 50n,
  nodeShare: 0n,
  blockReward: 0n,
};

export function parseDistributionParams(value: unknown): DistributionParams {
  const path = 'distribution.params';
  const names = ['community_tax', 'node_share', 'block_reward'];
  const json = readObject(value ?? {}, path, names);
  const part = (name: string, otherwise: Decimal) =>
    json[name] === undefined
      ? otherwise
      : parseDecimal(readString(json[name], `${path}.${name}`), `${path}.${name}`);
  const communityTax = part('community_tax', DEFAULTS.communityTax);
  const nodeShare = part('node_share', DEFAULTS.nodeShare);
  if (communityTax + nodeShare > ONE) {
    throw new InvalidInputError(`${path}.node_share`, 'with community_tax above 1');
  }
  const reward = readString(json.block_reward ?? '0', `${path}.block_reward`);
  return { communityTax, nodeShare, blockReward: parseAmount(reward, `${path}.block_reward`) };
}

export function distributionParamsJson(params: DistributionParams): DistributionParamsJson {
  return {
    community_tax: formatDecimal(params.communityTax),
    node_share: formatDecimal(params.nodeShare),
    block_reward: params.blockReward.toString(),
  };
}

export const encodeDistributionParams = (params: DistributionParams): Uint8Array =>
  encodeIntegers(params.communityTax, params.nodeShare, params.blockReward);

export function decodeDistributionParams(bytes: Uint8Array): DistributionParams {
  const [communityTax = 0n, nodeShare = 0n, blockReward = 0n] = decodeIntegers(bytes);
  return { communityTax, nodeShare, blockReward };
}
