import { readKeyFile } from '@semblance/client/keystore';
import { readGenesis } from '@semblance/consensus/genesis';
import { startSolo } from '@semblance/consensus/solo';
import { readValidatorKey } from '@semblance/consensus/validator-key';
import { SemblanceError } from '@semblance/core/errors';
import { profileNamed } from '@semblance/inference/profiles';
import { createLineLog } from '@semblance/node/log';
import { startNode } from '@semblance/node/node';
import { startSequencer } from '@semblance/sequencer/sequencer';
import { PREFIX } from './found.ts';

/*
 * One part of a local network, in a process of its own: told what to be by its only argument, it
 * says on the channel to its parent where it answers, and ends when told to or when the parent is gone.
 * Keys come from files; nothing secret is in the argument.
 */

export type ChildConfig =
  | {
      readonly role: 'chain';
      readonly home: string;
      readonly genesis: string;
      readonly validatorKey: string;
      readonly port: number;
    }
  | {
      readonly role: 'node';
      readonly home: string;
      readonly keyFile: string;
      readonly rpcUrl: string;
      readonly models: string;
      readonly profile: string;
      readonly adversary?: string;
    }
  | {
      readonly role: 'sequencer';
      readonly home: string;
      readonly keyFile: string;
      readonly rpcUrl: string;
      readonly models: string;
      readonly page: string;
      readonly port: number;
    };

export type ChildMessage =
  | { readonly type: 'ready'; readonly url: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

interface Part {
  readonly url: string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
/** 500 SEM. */
const STAKE = 500_000_000n;

async function start(config: ChildConfig): Promise<Part> {
  switch (config.role) {
    case 'chain': {
      const chain = await startSolo({
        home: config.home,
        genesis: readGenesis(config.genesis),
        validatorKey: readValidatorKey(config.validatorKey),
        rpc: { host: HOST, port: config.port },
      });
      void chain.stopped.catch(fail);
      return { url: chain.rpcUrl, stop: () => chain.stop() };
    }
    case 'node': {
      const node = await startNode({
        home: config.home,
        rpcUrl: config.rpcUrl,
        key: await readKeyFile(config.keyFile),
        prefix: PREFIX,
        modelsDir: config.models,
        profile: profileNamed(config.profile),
        host: HOST,
        port: 0,
        stake: STAKE,
        adversary: config.adversary,
        unjail: true,
        topUp: true,
        diskQuotaBytes: 512 * 1024 * 1024,
        idleUnloadMs: 10 * 60_000,
        log: createLineLog((line) => process.stdout.write(line)),
      });
      return { url: node.endpoint, stop: () => node.stop() };
    }
    case 'sequencer':
      return startSequencer({
        home: config.home,
        rpcUrl: config.rpcUrl,
        key: await readKeyFile(config.keyFile),
        modelsDir: config.models,
        pageDir: config.page,
        host: HOST,
        port: config.port,
      });
  }
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const code = error instanceof SemblanceError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? error.stack : message}\n`);
  tell({ type: 'failed', code, message });
  process.exit(1);
}

// Ctrl-C reaches the whole group; the parent decides in which order its parts end.
process.on('SIGINT', () => {});

try {
  const part = await start(JSON.parse(process.argv[2] ?? '') as ChildConfig);
  const end = () => void part.stop().then(() => process.exit(0), fail);
  process.once('SIGTERM', end);
  process.once('disconnect', end);
  tell({ type: 'ready', url: part.url });
} catch (error) {
  fail(error);
}
