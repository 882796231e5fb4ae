import type { ProofOp, QueryResult } from '@semblance/chain/application';
import { InvalidInputError } from '@semblance/core/errors';
import { APP_NAME, APP_VERSION } from '../../software.ts';
import { base64 } from '../json.ts';
import type { Method } from '../node.ts';

const MAX_PATH_LENGTH = 256;

export const abciInfo: Method = {
  params: [],
  call(node) {
    const { height, appHash } = node.app.info();
    return {
      response: {
        data: APP_NAME,
        version: APP_VERSION,
        app_version: String(node.genesis.appVersion),
        last_block_height: String(height),
        last_block_app_hash: base64(appHash),
      },
    };
  },
};

/** `data` of a path like `/store/bank/key` is a key; with `prove` its proof comes along. */
export const abciQuery: Method = {
  params: ['path', 'data', 'height', 'prove'],
  call(node, params) {
    const path = params.text('path') ?? '';
    if (path.length > MAX_PATH_LENGTH) {
      throw new InvalidInputError('path', `longer than ${MAX_PATH_LENGTH} letters`);
    }
    const data = params.hex('data') ?? new Uint8Array(0);
    const height = params.integer('height') ?? 0n;
    const prove = params.boolean('prove') ?? false;
    return { response: responseOf(node.app.query(path, data, { height, prove })) };
  },
};

function responseOf({ code, codespace, log, value, height, key, proof }: QueryResult) {
  return {
    code,
    codespace,
    log,
    info: '',
    index: '0',
    key: bytesOrNull(key),
    value: bytesOrNull(value),
    proofOps: proof === undefined ? null : { ops: proof.map(proofOpJson) },
    height: String(height),
  };
}

function proofOpJson({ type, key, data }: ProofOp) {
  return { type, key: base64(key), data: base64(data) };
}

const bytesOrNull = (bytes: Uint8Array | undefined) =>
  bytes === undefined || bytes.length === 0 ? null : base64(bytes);
