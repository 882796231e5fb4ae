import type { Job } from '@semblance/proto/ml';
import type { Task } from '@semblance/proto/task';
import type { Generated } from '../generated.ts';

/**
 * How a node behaves where an attacker would behave otherwise. Everything else (registration,
 * commitments, persistence) is the same code, as it would be for a real attacker.
 */
export interface Conduct {
  readonly name: string;
  /**
   * The result to commit to. `run` runs the model, `encodePng` encodes pixels as the PNG that an
   * honest node would deliver.
   */
  produce(task: Task, tools: Tools): Promise<Generated>;
  /** Earliest time of the commitment, Unix milliseconds. */
  commitNotBefore(job: Job): number;
  /** Further commitments sent beside the one of the saved run. */
  rivalCommitments(commitment: Uint8Array): readonly Uint8Array[];
  readonly reveals: boolean;
}

interface Tools {
  readonly run: (task: Task) => Promise<Generated>;
  readonly encodePng: (pixels: Uint8Array, width: number, height: number) => Promise<Uint8Array>;
}

/** Runs the model as asked, commits once, reveals. */
export const honest: Conduct = {
  name: 'honest',
  produce: (task, { run }) => run(task),
  commitNotBefore: () => 0,
  rivalCommitments: () => [],
  reveals: true,
};
