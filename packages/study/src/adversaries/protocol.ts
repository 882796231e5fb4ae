import { concat, equals, fromUint64, fromUtf8 } from '@semblance/core/bytes';
import { merklePath, merkleRoot, verifyMerklePath } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { commitment, jobId } from '@semblance/verification/commitment';
import { majority } from '@semblance/verification/likeness';
import { fileLeafData } from '@semblance/verification/trajectory';
import type { ProtocolAdversaryResult } from '../result.ts';
import { shareOf } from '../statistics/rate.ts';

/** What the members of one job's committee would hand in, under the model's hash. */
export interface ProtocolJob {
  /** Results of five members or as many as there are, all honest and on different profiles. */
  readonly honest: readonly Uint8Array[];
  /** A result that is not of this job. */
  readonly wrong: Uint8Array | undefined;
  /** SHA-256 of the honest file and of another one. */
  readonly file: Uint8Array;
  readonly otherFile: Uint8Array;
}

/**
 * Adversaries whose picture is not the point: each tries its trick on every job, against the code
 * that commits, opens and votes on chain.
 */
export function tryProtocolAdversaries(
  jobs: readonly ProtocolJob[],
  thresholdBits: number,
): ProtocolAdversaryResult[] {
  const vote = (results: readonly (Uint8Array | undefined)[]) =>
    majority(results, thresholdBits) ?? [];
  const ofSize = (size: number) => jobs.filter(({ honest }) => honest.length >= size);
  const colluding = jobs.filter(({ honest, wrong }) => honest.length >= 1 && wrong !== undefined);
  return [
    {
      name: 'copycat',
      title: "Sends another node's commitment as its own, and opens it with what that one reveals",
      decidedBy: 'commit',
      stopped: shareOf(
        jobs,
        (job) => !opens(openingOf(job, HONEST), committed(job, HONEST), COPYCAT),
      ),
      counts: 'copied commitments that do not open under the copycat’s own address',
      explanation:
        'The address is inside the commitment. The reveal that does not open it is the evidence: slashed.',
    },
    {
      name: 'bad-file-later',
      title: 'Commits to the honest hashes and files, reveals another file',
      decidedBy: 'commit',
      stopped: shareOf(jobs, (job) => !revealStands(job)),
      counts: 'files without a Merkle path to the committed root',
      explanation:
        'The file is a leaf under the committed root; the path of another file does not verify. Slashed.',
    },
    {
      name: 'equivocation',
      title: 'Commits twice to one job, to choose after the others have revealed',
      decidedBy: 'commit',
      stopped: shareOf(jobs, (job) => {
        const second = commitment({ ...openingOf(job, HONEST), salt: sha256(SALT), node: HONEST });
        return !equals(committed(job, HONEST), second);
      }),
      counts: 'pairs of commitments of one node for one job that differ: evidence by themselves',
      explanation: 'Two signed commitments of one node for one job are the evidence. Slashed.',
    },
    {
      name: 'withheld-reveal',
      title: 'Commits and never reveals, one of three',
      decidedBy: 'deadline',
      stopped: shareOf(ofSize(3), ({ honest: [a, b] }) => vote([a, b, undefined]).length === 2),
      counts: 'jobs that the other two decided',
      explanation:
        'A majority of the whole committee is still asked for, and the other two are one when they agree. A small penalty and jail, never a slash: silence proves no fraud.',
    },
    {
      name: 'withheld-data',
      title: 'Reveals, and does not serve the latents when a step is drawn',
      decidedBy: 'deadline',
      stopped: shareOf([], () => false),
      counts: 'nothing: a network has to be asked, likeness cannot see it',
      explanation:
        'Nothing to compare is nothing to pay for: unserved data in time counts as a missed reveal, a penalty and jail.',
    },
    {
      name: 'collusion-2-of-3',
      title: 'Two of three hand in one wrong result',
      decidedBy: 'spot-check',
      stopped: shareOf(colluding, ({ honest: [a], wrong }) => {
        const paid = vote([wrong, wrong, a]);
        return !paid.includes(0) || !paid.includes(1);
      }),
      counts: 'committees that do not pay both',
      explanation:
        'A majority can be bought: two equal results out of three win every vote, and the honest third goes unpaid. Steps drawn after the commitments do not replay, whoever voted; the honest third can challenge, and the referee needs no honest majority.',
    },
    {
      name: 'collusion-2-of-5',
      title: 'Two of five hand in one wrong result',
      decidedBy: 'likeness',
      stopped: shareOf(
        ofSize(3).filter(({ wrong }) => wrong !== undefined),
        ({ honest: [a, b, c], wrong }) => {
          const paid = vote([wrong, wrong, a, b, c]);
          return !paid.includes(0) && !paid.includes(1);
        },
      ),
      counts: 'committees that pay neither',
      explanation: 'Three honest members are a majority of five whenever they agree.',
    },
    {
      name: 'cries-foul',
      title: 'A verifier of three that always hands in a result like nobody’s',
      decidedBy: 'likeness',
      stopped: shareOf(ofSize(2), ({ honest: [a, b] }) => {
        const paid = vote([a, b, a?.map((byte) => ~byte)]);
        return paid.length === 2;
      }),
      counts: 'committees in which both honest members are paid',
      explanation:
        'It stays unpaid and changes nothing when the others agree; where they do not, the job is escalated and nobody is slashed.',
    },
  ];
}

const HONEST = new Uint8Array(20).fill(1);
const COPYCAT = new Uint8Array(20).fill(2);
const SALT = fromUtf8('semblance/study/salt');

/** The leaves that matter here: the file among others, at index 1. */
function leavesOf(file: Uint8Array): Uint8Array[] {
  return [fromUtf8('latents'), fileLeafData(file), fromUtf8('hashes')];
}

function openingOf({ file }: ProtocolJob, node: Uint8Array) {
  return {
    jobId: jobId(concat(fromUint64(0n), file)),
    node,
    root: merkleRoot(leavesOf(file)),
    salt: sha256(SALT, file),
  };
}

function committed(job: ProtocolJob, node: Uint8Array): Uint8Array {
  return commitment(openingOf(job, node));
}

/** As the chain asks: does what was revealed give the commitment, for the node that sent it? */
function opens(
  opening: ReturnType<typeof openingOf>,
  expected: Uint8Array,
  node: Uint8Array,
): boolean {
  return equals(commitment({ ...opening, node }), expected);
}

/** Whether the path of the committed file carries another file. */
function revealStands({ file, otherFile }: ProtocolJob): boolean {
  const leaves = leavesOf(file);
  const path = merklePath(leaves, 1);
  return verifyMerklePath(merkleRoot(leaves), fileLeafData(otherFile), 1, leaves.length, path);
}
