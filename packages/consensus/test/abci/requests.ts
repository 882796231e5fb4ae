import { Request } from 'cosmjs-types/tendermint/abci/types';

/** One of ABCI's requests without its length, as `{ echo: { message: 'there?' } }`. */
export const encodeRequest = (request: object): Uint8Array =>
  Request.encode(Request.fromPartial(request)).finish();
