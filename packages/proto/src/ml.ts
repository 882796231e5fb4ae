/** The ml module's messages: state, transactions and queries. */
export * from './gen/semblance/ml/v1/query_pb.js';
export * from './gen/semblance/ml/v1/tx_pb.js';
export * from './gen/semblance/ml/v1/types_pb.js';
