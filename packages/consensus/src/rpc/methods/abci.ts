import type { QueryResult } from '@semblance/chain/application';
import { InvalidInputError } from '@semblance/core/errors';
import { wrongHeight } from '../../query-height.ts';
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
    const isKept = asked === 0n || asked === latest;
    const result = isKept ? node.app.query(path, data) : wrongHeight(asked, latest);
    return { response: queryJson(result, latest) };
  },
};

function queryJson({ code, codespace, log, value, height }: QueryResult, latest: bigint) {
  return {
    code,
    codespace,
    log,
    info: '',
    index: '0',
    key: null,
    value: value.length === 0 ? null : base64(value),
    proofOps: null,
    height: String(height === 0n ? latest : height),
  };
}
