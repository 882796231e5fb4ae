import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeKeyFile } from '@semblance/client/keystore';
import { keyAt } from '../../../client/test/support/solo.ts';
import { type Committee, startCommittee } from '../../../node/test/support/committee.ts';
import { type Sequencer, type SequencerOptions, startSequencer } from '../../src/sequencer.ts';

/** A chain, real nodes with a tiny model, and what a sequencer needs; key 0 is the local account. */
export interface TestGateway {
  readonly committee: Committee;
  readonly home: string;
  readonly localKeyFile: string;
  options(overrides?: Partial<SequencerOptions>): SequencerOptions;
  start(overrides?: Partial<SequencerOptions>): Promise<Sequencer>;
  remove(): Promise<void>;
}

/** @param nodes how many are started; further keys are funded and free */
export async function startGateway(
  nodes: number,
  spareKeys = 1,
  model?: Parameters<typeof startCommittee>[2],
): Promise<TestGateway> {
  const committee = await startCommittee(nodes + spareKeys, undefined, model);
  const home = join(committee.home, 'sequencer');
  await mkdir(home, { recursive: true });
  const localKeyFile = join(committee.home, 'local.json');
  await writeKeyFile(localKeyFile, keyAt(committee.network, 0));
  const started: Sequencer[] = [];
  const options = (overrides: Partial<SequencerOptions> = {}): SequencerOptions => ({
    home,
    rpcUrl: committee.network.rpcUrl,
    modelsDir: committee.modelsDir,
    localKeyFile,
    port: 0,
    log: () => {},
    ...overrides,
  });
  await Promise.all(Array.from({ length: nodes }, (_, i) => committee.start(i + 1)));
  return {
    committee,
    home,
    localKeyFile,
    options,
    start: async (overrides) => {
      const sequencer = await startSequencer(options(overrides));
      started.push(sequencer);
      return sequencer;
    },
    remove: async () => {
      await Promise.all(started.map((sequencer) => sequencer.stop()));
      await committee.remove();
    },
  };
}

/** Asks until the answer satisfies a condition. */
export async function until<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  timeoutMs = 50_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still not: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** What a GET answers, taken for what the caller expects. */
export async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}
