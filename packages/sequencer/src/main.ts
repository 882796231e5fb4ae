import { parseArgs } from 'node:util';
import { SemblanceError } from '@semblance/core/errors';
import { logToStderr, reasonOf } from './log.ts';
import { type SequencerOptions, startSequencer } from './sequencer.ts';

/*
 * The sequencer as a process:
 *
 *   main.ts --home DIR --rpc URL --models DIR [--key FILE] [--page DIR] [--host H] [--port N]
 *
 * Prints one JSON line with its address when it serves.
 */

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

const options: SequencerOptions = {
  home: values.home,
  rpcUrl: values.rpc,
  modelsDir: values.models,
  host: values.host,
  port: Number(values.port),
  prefix: values.prefix,
  ...(values.key !== undefined && { localKeyFile: values.key }),
  ...(values.page !== undefined && { pageDir: values.page }),
};

try {
  const sequencer = await startSequencer(options);
  process.stdout.write(`${JSON.stringify({ ready: sequencer.url })}\n`);
  const stop = (): void => {
    sequencer.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const code = error instanceof SemblanceError ? error.code : 'FAILED';
  logToStderr('error', 'the sequencer ends', { code, reason: reasonOf(error) });
  process.exit(1);
}
