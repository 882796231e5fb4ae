import { ConfigResponse } from 'cosmjs-types/cosmos/base/node/v1beta1/query';
import type { QueryHandler } from './query.ts';

/** What a transaction has to offer; nothing else here is an operator's choice. */
const queryConfig: QueryHandler = ({ params: { minGasPriceMilli, ml } }) => {
  const whole = minGasPriceMilli / 1000n;
  const thousandths = String(minGasPriceMilli % 1000n).padStart(3, '0');
  return ConfigResponse.encode({
    minimumGasPrice: `${whole}.${thousandths}${ml.bondDenom}`,
    pruningKeepRecent: '',
    pruningInterval: '',
    haltHeight: 0n,
  }).finish();
};

export const nodeQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.base.node.v1beta1.Service/Config': queryConfig,
};
