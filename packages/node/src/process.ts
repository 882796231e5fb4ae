import { readKeyFile } from '@semblance/client/keystore';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { profileNamed } from '@semblance/inference/profiles';
import { readConfig } from './config.ts';
import { createLineLog, reasonOf } from './log.ts';
import { startNode } from './node.ts';

/*
 * The node's process. Logs one JSON object a line to standard output; stops cleanly on SIGTERM and
 * SIGINT; exits with 2 when it cannot work as set up. SEMBLANCE_KEY_PASSWORD opens sealed keys.
 */

const log = createLineLog((line) => process.stdout.write(line));
const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stopping.abort());
}

try {
  const node = await start();
  await aborted(stopping.signal);
  log('info', 'stopping');
  await node.stop();
} catch (error) {
  if (!stopping.signal.aborted) {
    const code = error instanceof SemblanceError ? error.code : 'UNEXPECTED';
    log('error', 'failed', { code, reason: reasonOf(error) });
    process.exitCode = error instanceof SemblanceError ? 2 : 1;
  }
}

async function start() {
  const { profile, diskQuotaMb, idleUnloadSeconds, keyFile, operatorKeyFile, ...config } =
    await readConfig(process.argv.slice(2));
  const password = process.env.SEMBLANCE_KEY_PASSWORD;
  const readKey = async (field: string, path: string) => {
    try {
      return await readKeyFile(path, password);
    } catch (error) {
      if (error instanceof SemblanceError) throw error;
      throw new InvalidInputError(field, `${path} cannot be read`, { cause: error });
    }
  };
  return startNode({
    ...config,
    key: await readKey('keyFile', keyFile),
    operator: operatorKeyFile ? await readKey('operatorKeyFile', operatorKeyFile) : undefined,
    profile: profileNamed(profile),
    diskQuotaBytes: diskQuotaMb * 1024 * 1024,
    idleUnloadMs: idleUnloadSeconds * 1000,
    log,
    signal: stopping.signal,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
