import {
  QueryParamsRequest,
  QueryParamsResponse,
  QuerySigningInfoRequest,
  QuerySigningInfoResponse,
  QuerySigningInfosRequest,
  QuerySigningInfosResponse,
} from 'cosmjs-types/cosmos/slashing/v1beta1/query';
import type { ValidatorSigningInfo } from 'cosmjs-types/cosmos/slashing/v1beta1/slashing';
import { cosmosQuery } from '../../cosmos-query.ts';
import { pageOf } from '../../pages.ts';
import { notFound, type QueryContext, type QueryHandler, readRequest } from '../../query.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { toTimestamp } from '../../time.ts';
import { formatConsensusAddress, parseConsensusAddress } from '../staking/consensus-key.ts';
import { toSlashingProto } from './params.ts';
import { decodeSigningInfo, getSigningInfo, type SigningInfo } from './signing-info.ts';

const queryParams = cosmosQuery(QueryParamsRequest, QueryParamsResponse, ({ params }) => ({
  params: toSlashingProto(params.slashing),
}));

const querySigningInfo = cosmosQuery(
  QuerySigningInfoRequest,
  QuerySigningInfoResponse,
  (context, { consAddress }) => {
    const address = readRequest(() =>
      parseConsensusAddress(context.params, consAddress, 'cons_address'),
    );
    const info = getSigningInfo(context.state, address);
    if (info === undefined) throw notFound(`signing info of ${consAddress}`);
    return { valSigningInfo: toProto(context, info) };
  },
);

const querySigningInfos = cosmosQuery(
  QuerySigningInfosRequest,
  QuerySigningInfosResponse,
  (context, { pagination: page }) => {
    const prefix = keyOf(PREFIX.slashingInfo);
    const { items: info, pagination } = pageOf(context.state, prefix, page, ([key, bytes]) =>
      toProto(context, decodeSigningInfo(key.subarray(1), bytes)),
    );
    return { info, pagination };
  },
);

function toProto({ params, block }: QueryContext, info: SigningInfo): ValidatorSigningInfo {
  const counted = block.height - 1n - info.startHeight;
  return {
    address: formatConsensusAddress(params, info.address),
    startHeight: info.startHeight,
    indexOffset: counted > 0n ? counted : 0n,
    jailedUntil: toTimestamp(info.jailedUntilMs),
    tombstoned: info.tombstoned,
    missedBlocksCounter: info.missedBlocks,
  };
}

const service = (name: string) => `/cosmos.slashing.v1beta1.Query/${name}`;

export const slashingQueries: Readonly<Record<string, QueryHandler>> = {
  [service('Params')]: queryParams,
  [service('SigningInfo')]: querySigningInfo,
  [service('SigningInfos')]: querySigningInfos,
};
