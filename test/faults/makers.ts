import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { fromJson, type JsonObject } from '@bufbuild/protobuf';
import { readManifest } from '@semblance/inference/manifest';
import { profileNamed } from '@semblance/inference/profiles';
import { type Job, type JobRequest, ModelSchema, MsgRevealSchema } from '@semblance/proto/ml';
import { MODES, type Task } from '@semblance/proto/task';
import type { AppState } from '../../packages/chain/src/genesis.ts';
import {
  commitMessage,
  encode,
  mlGenesis,
  operatorOf,
  request,
} from '../../packages/chain/test/support/ml.ts';
import type { EncodedMessage } from '../../packages/chain/test/support/tx.ts';
import { type Wallet, wallet } from '../../packages/chain/test/support/wallet.ts';
import { openModels } from '../../packages/node/src/models.ts';
import { filePath, seal } from '../../packages/node/src/seal.ts';

/*
 * Many who order pictures and many who make them, with the daemon's own code: it runs the model,
 * seals what came out and opens it. Whom to ask and what to do when nobody answers is the test's.
 */

const MODEL = 'emoji-64-fast';
const MODELS = fileURLToPath(new URL('../../models', import.meta.url));
/** The nodes' runtimes in turn: their files differ, and likeness has something to decide. */
const RUNTIMES = ['native-f32', 'native-tf32', 'native-f16'];
/** Enough that a phase of some hundred jobs is one transaction of each. */
const MAKERS = Array.from({ length: 24 }, (_, i) => wallet(`maker ${i}`));
const REQUESTERS = Array.from({ length: 8 }, (_, i) => wallet(`orderer ${i}`));
const OPERATORS = MAKERS.map((_, i) => operatorOf(i));
/** Validators that die hold messages up; a chain of this load would vote for as much. */
const REVEAL_WINDOW_MS = '300000';
const DEADLINE_MS = 600_000n;
const PROMPTS = ['koala', 'cat', 'rocket', 'strawberry', 'castle', 'panda', 'sunflower', 'guitar'];

export const BALANCES = [...REQUESTERS, ...MAKERS, ...OPERATORS].map((of) => ({
  of,
  usem: 1_000_000_000_000n,
}));

/** The nth order: a picture of its own. */
export function orderOf(n: number): { readonly from: Wallet; readonly order: JobRequest } {
  const from = REQUESTERS[n % REQUESTERS.length] as Wallet;
  const prompt = `a photo of a ${PROMPTS[n % PROMPTS.length]}`;
  const order = request(
    { requester: from.address, model: MODEL, deadlineMs: DEADLINE_MS },
    { prompt, seed: BigInt(n), steps: 4, guidanceMilli: 1000 },
  );
  return { from, order };
}

/** What a node signs for a job. */
export interface MadeWork {
  readonly who: Wallet;
  readonly commit: EncodedMessage;
  readonly reveal: EncodedMessage;
}

export interface Makers {
  /** Of the ml module: the model, and who runs it. */
  readonly genesis: AppState['ml'];
  /** Runs the model for each member of a job's committee. */
  make(job: Job): Promise<MadeWork[]>;
  close(): Promise<void>;
}

export async function openMakers(): Promise<Makers> {
  const { weightsRoot } = await readManifest(`${MODELS}/${MODEL}`);
  const usual = mlGenesis({ reveal_window_ms: REVEAL_WINDOW_MS }, MAKERS);
  const [template] = usual.models as JsonObject[];
  const model: JsonObject = {
    ...template,
    id: MODEL,
    weights_root: Buffer.from(weightsRoot, 'hex').toString('base64'),
    limits: {
      ...(template?.limits as JsonObject),
      size_multiple: 16,
      max_steps: 4,
      modes: [MODES.textToImage],
    },
  };
  const nodes = (usual.nodes as JsonObject[]).map((node) => ({ ...node, models: [MODEL] }));
  const registered = [fromJson(ModelSchema, model)];
  const open = (runtime: string) =>
    openModels({
      modelsDir: MODELS,
      wanted: [MODEL],
      profile: profileNamed(runtime),
      registered,
      idleUnloadMs: 600_000,
      log: () => {},
    });
  const hosts = await Promise.all(RUNTIMES.map(open));
  const { signal } = new AbortController();

  const makeOne = async ({ id, request: order }: Job, address: string): Promise<MadeWork> => {
    const index = MAKERS.findIndex((maker) => maker.address === address);
    const [who, host] = [MAKERS[index], hosts[index % hosts.length]];
    if (who === undefined || host === undefined) throw new Error(`${address} is no maker`);
    const options = { signal, onProgress: () => {} };
    const run = seal(
      id,
      who.bytes,
      await host.run(MODEL, order?.task as Task, [], options),
      randomBytes(32),
    );
    const reveal = encode(MsgRevealSchema, {
      node: address,
      jobId: id,
      salt: run.salt,
      trajectoryRoot: run.root,
      file: run.artifacts.find(({ kind }) => kind === 'file')?.bytes as Uint8Array,
      fileLeaf: run.fileLeaf,
      leaves: run.leaves.length,
      filePath: filePath(run),
    });
    return { who, commit: commitMessage(address, id, run.commitment), reveal };
  };

  return {
    genesis: { ...usual, models: [model], nodes },
    make: (job) => Promise.all(job.members.map(({ node }) => makeOne(job, node))),
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
    },
  };
}
