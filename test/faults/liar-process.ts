import { createApplication } from '@semblance/chain/app';
import { findEngine } from '@semblance/consensus/cometbft/binary';
import { startValidator } from '@semblance/consensus/validator';
import { wrapped } from '../recovery/wrapped.ts';

/*
 * A validator whose application says a wrong hash from a height on, and is honest in all else:
 * `liar-process.ts HOME HEIGHT`.
 */

const [home = '', height = ''] = process.argv.slice(2);
const { rpcUrl } = await startValidator({ home, binary: findEngine().path }, (options) => {
  const app = createApplication(options);
  return wrapped(app, {
    finalizeBlock(block) {
      const result = app.finalizeBlock(block);
      return block.height < BigInt(height) ? result : { ...result, appHash: lie(result.appHash) };
    },
  });
});
process.stdout.write(`${rpcUrl}\n`);

function lie(hash: Uint8Array): Uint8Array {
  return hash.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}
