import type {
  BlockResult,
  ChainEvent,
  QueryResult,
  TxResult,
  ValidatorUpdate,
} from '@semblance/chain/application';
import type {
  Event,
  ExecTxResult,
  ResponseCheckTx,
  ResponseFinalizeBlock,
  ResponseQuery,
  ValidatorUpdate as ValidatorUpdateMessage,
} from 'cosmjs-types/tendermint/abci/types';

/* The application's answers as the engine's messages. Every attribute is searchable. */

/** Of a check for the pool. The engine tells nobody of its events: writing and reading them is lost work. */
export function toCheck(result: TxResult): ResponseCheckTx {
  return { ...result, info: '', events: [] };
}

function toTxResult(result: TxResult): ExecTxResult {
  return { ...result, info: '', events: result.events.map(toEvent) };
}

export function toFinalizedBlock(result: BlockResult): ResponseFinalizeBlock {
  return {
    events: result.events.map(toEvent),
    txResults: result.txResults.map(toTxResult),
    validatorUpdates: result.validatorUpdates.map(toValidatorUpdate),
    appHash: result.appHash,
  };
}

export function toQueryResponse({ proof, ...result }: QueryResult): ResponseQuery {
  const proofOps = proof === undefined ? {} : { proofOps: { ops: [...proof] } };
  return { key: new Uint8Array(), ...result, info: '', index: 0n, ...proofOps };
}

export function toValidatorUpdate({ publicKey, power }: ValidatorUpdate): ValidatorUpdateMessage {
  return { pubKey: { ed25519: publicKey }, power };
}

function toEvent({ type, attributes }: ChainEvent): Event {
  return { type, attributes: attributes.map(({ key, value }) => ({ key, value, index: true })) };
}
