import { parseArgs } from 'node:util';
import { InvalidInputError, SemblanceError } from '@semblance/core/errors';
import { logToStderr, reasonOf } from './log.ts';
import { type SequencerOptions, startSequencer } from './sequencer.ts';

/*
 * The sequencer as a process:
 *
 *   main.ts --home DIR --rpc URL --models DIR [--key FILE] [--page DIR] [--host H] [--port N]
 *
 * Prints one JSON line with its address when it serves.
 */

try {
  const sequencer = await startSequencer(readOptions());
  process.stdout.write(`${JSON.stringify({ ready: sequencer.url })}\n`);
  const stop = (): void => void sequencer.stop().then(() => process.exit(0), fail);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  fail(error);
}

function readOptions(): SequencerOptions {
  const { values } = parseArgs({
    options: {
      home: { type: 'string', default: '.semblance/sequencer' },
      rpc: { type: 'string', default: 'http://127.0.0.1:26657' },
      models: { type: 'string', default: 'models' },
      key: { type: 'string' },
      page: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '8080' },
      prefix: { type: 'string', default: 'sem' },
    },
  });
  return {
    home: values.home,
    rpcUrl: values.rpc,
    modelsDir: values.models,
    host: values.host,
    port: portOf(values.port),
    prefix: values.prefix,
    ...(values.key !== undefined && { localKeyFile: values.key }),
    ...(values.page !== undefined && { pageDir: values.page }),
  };
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new InvalidInputError('port', 'not from 0 to 65535');
  return port;
}

function fail(error: unknown): never {
  const code = error instanceof SemblanceError ? error.code : 'FAILED';
  logToStderr('error', 'the sequencer ends', { code, reason: reasonOf(error) });
  process.exit(1);
}
