import { InvalidInputError } from '@semblance/core/errors';
import { base64 } from '../json.ts';
import type { Method } from '../node.ts';

const MAX_PATH_LENGTH = 256;
/** `ErrInvalidHeight` of the Cosmos SDK. */
const INVALID_HEIGHT = 26;

export const abciInfo: Method = {
  params: [],
  call(node) {
    const { height, appHash } = node.app.info();
    return {
      response: {
        data: 'semblance',
        version: '0.1.0',
        app_version: String(node.genesis.appVersion),
        last_block_height: String(height),
        last_block_app_hash: base64(appHash),
      },
    };
  },
};

/** Only the latest state is kept, and it comes without a proof. */
export const abciQuery: Method = {
  params: ['path', 'data', 'height', 'prove'],
  call(node, params) {
    const path = params.text('path') ?? '';
    if (path.length > MAX_PATH_LENGTH) {
      throw new InvalidInputError('path', `longer than ${MAX_PATH_LENGTH} letters`);
    }
    const data = params.hex('data') ?? new Uint8Array(0);
    const latest = node.producer.tip.height;
    const asked = params.integer('height') ?? 0n;
    if (asked !== 0n && asked !== latest) return { response: wrongHeight(asked, latest) };
    const { code, codespace, log, value, height } = node.app.query(path, data);
    return {
      response: {
        code,
        codespace,
        log,
        info: '',
        index: '0',
        key: null,
        value: value.length === 0 ? null : base64(value),
        proofOps: null,
        height: String(height === 0n ? latest : height),
      },
    };
  },
};

function wrongHeight(asked: bigint, latest: bigint) {
  return {
    code: INVALID_HEIGHT,
    codespace: 'sdk',
    log: `no state at height ${asked} is kept, only at ${latest}`,
    info: '',
    index: '0',
    key: null,
    value: null,
    proofOps: null,
    height: String(latest),
  };
}
