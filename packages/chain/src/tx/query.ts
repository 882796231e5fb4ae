import { TxMsgData } from 'cosmjs-types/cosmos/base/abci/v1beta1/abci';
import { SimulateRequest, SimulateResponse } from 'cosmjs-types/cosmos/tx/v1beta1/service';
import { Tx } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import { RefusedError } from '../errors.ts';
import { type QueryHandler, readRequest } from '../query.ts';
import { simulateTx } from './run.ts';

const querySimulate: QueryHandler = ({ block, params, state }, request) => {
  const { txBytes, tx } = readRequest(() => SimulateRequest.decode(request));
  // `tx` is the older form of the same request; some wallets still send it.
  const bytes = txBytes.length === 0 && tx !== undefined ? Tx.encode(tx).finish() : txBytes;
  const result = simulateTx({ block, params }, state, bytes);
  const { code, codespace, log, data, gasUsed, gasWanted } = result;
  if (code !== 0) throw new RefusedError({ codespace, number: code, text: '' }, log);
  return SimulateResponse.encode({
    gasInfo: { gasWanted, gasUsed },
    result: {
      data,
      log,
      events: result.events.map(({ type, attributes }) => ({
        type,
        attributes: attributes.map(({ key, value }) => ({ key, value, index: true })),
      })),
      msgResponses: TxMsgData.decode(data).msgResponses,
    },
  }).finish();
};

export const txQueries: Readonly<Record<string, QueryHandler>> = {
  '/cosmos.tx.v1beta1.Service/Simulate': querySimulate,
};
