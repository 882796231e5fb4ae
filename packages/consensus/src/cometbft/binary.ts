import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ConsensusError } from '../errors.ts';

/** Where `npm run engine` puts it. */
const BUILT = fileURLToPath(new URL('../../../../.engine/cometbft', import.meta.url));

export interface EngineBinary {
  readonly path: string;
  /** As `0.38.25`. */
  readonly version: string;
}

/**
 * The CometBFT that SEMBLANCE_ENGINE names, else the one that was built here. Throws ConsensusError
 * ENGINE_MISSING if there is none and ENGINE_UNFIT if it is not of the 0.38 line.
 */
export function findEngine(): EngineBinary {
  const path = process.env.SEMBLANCE_ENGINE ?? BUILT;
  const { error, stdout } = spawnSync(path, ['version'], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined) {
    const message = `CometBFT is not at ${path}; get it with: npm run engine`;
    throw new ConsensusError('ENGINE_MISSING', message, { path }, { cause: error });
  }
  const version = stdout.trim();
  if (!version.startsWith('0.38.')) {
    throw new ConsensusError('ENGINE_UNFIT', `${path} is not CometBFT 0.38`, { path, version });
  }
  return { path, version };
}
