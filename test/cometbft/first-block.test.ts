import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSequencer } from '@semblance/sequencer/sequencer';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODELS } from '../../packages/cli/src/network/layout.ts';
import { heightOf, startNetwork, type TestValidator, WITHOUT_ENGINE } from './network.ts';

/* One of two validators has no majority: its chain answers, and has no block yet. */

function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'semblance-first-block-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

/** A gateway that is starting, and when it says that it waits. */
function startGateway({ rpcUrl }: TestValidator, signal?: AbortSignal) {
  const waiting = Promise.withResolvers<void>();
  const started = startSequencer({
    home: temporaryHome(),
    rpcUrl,
    modelsDir: MODELS,
    port: 0,
    log: (_level, message) => {
      if (message === 'waiting for the first block') waiting.resolve();
    },
    ...(signal && { signal }),
  });
  started.catch(waiting.reject);
  return { waiting: waiting.promise, started };
}

describe.skipIf(WITHOUT_ENGINE !== '')(
  `a gateway of a chain without a block${WITHOUT_ENGINE}`,
  () => {
    test('waits for the first one, or until it is told to give up', {
      timeout: 60_000,
    }, async () => {
      const network = await startNetwork(2, 200, { started: 1 });
      onTestFinished(() => network.remove());
      const [first, second] = network.validators as [TestValidator, TestValidator];

      const abort = new AbortController();
      const givenUp = startGateway(first, abort.signal);
      await givenUp.waiting;
      abort.abort(new Error('enough'));
      await expect(givenUp.started).rejects.toThrow('enough');

      const gateway = startGateway(first);
      await gateway.waiting;
      expect(await heightOf(first)).toBe(0);
      await second.start();
      const serving = await gateway.started;
      onTestFinished(() => serving.stop());
      const status = await (await fetch(`${serving.url}/v1/status`)).json();
      expect(status).toMatchObject({ chain_id: 'semblance-cometbft-1' });
      expect(await heightOf(first)).toBeGreaterThan(0);
    });
  },
);
