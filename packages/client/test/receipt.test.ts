import { toBase64 } from '@cosmjs/encoding';
import { concat, toHex } from '@semblance/core/bytes';
import { merklePath, merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { commitment, jobId } from '@semblance/verification/commitment';
import { fileLeafData } from '@semblance/verification/trajectory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkReceipt } from '../src/check-receipt.ts';
import { encodeJobRequest, jobRequest } from '../src/job.ts';
import { fromPrivateKey } from '../src/keys.ts';
import type { Receipt, ReceiptMember } from '../src/receipt.ts';

const requestBytes = encodeJobRequest(
  jobRequest({ requester: 'sem1r', model: 'm', committeeSize: 3, fee: '100', deadlineMs: 1n }),
);
const id = jobId(requestBytes);

/** A member that revealed a file with a hash of its own. */
function member(seed: number, average: string, changes: Partial<ReceiptMember>): ReceiptMember {
  const key = fromPrivateKey(new Uint8Array(32).fill(seed));
  const file = sha256(Uint8Array.of(seed));
  const leaves = [Uint8Array.of(1), fileLeafData(file)];
  const root = merkleRoot(leaves);
  const salt = sha256(Uint8Array.of(9, seed));
  return {
    node: key.address('sem'),
    commitment: toHex(commitment({ jobId: id, node: key.addressBytes, root, salt })),
    standing: 'majority',
    fault: '',
    payout: '0',
    result: {
      sha256: toHex(file),
      bytes: 1,
      hashes: { average, perceptual: average, difference: average, color: '000000000000' },
    },
    opening: {
      root: toHex(root),
      salt: toHex(salt),
      fileLeaf: 1,
      leaves: 2,
      filePath: merklePath(leaves, 1).map(toHex),
    },
    ...changes,
  };
}

const executor = member(1, '0000000000000000', { payout: '45' });
const receipt: Receipt = {
  format: 'semblance/receipt/v1',
  chainId: 'c',
  job: {
    id: toHex(id),
    request: toBase64(requestBytes),
    submittedHeight: '1',
    settledHeight: '2',
    submittedAt: '0',
    settledAt: '0',
    verdict: 'agreed',
    result: executor.result?.sha256 ?? null,
    producerPayout: '10',
    refund: '0',
    committee: [
      executor,
      member(2, '0000000000000003', { payout: '45' }),
      member(3, 'ffffffffffffffff', { standing: 'dissent' }),
    ],
  },
  profile: {
    model: 'm',
    weightsRoot: '00',
    hash: 'average',
    thresholdBits: 2,
    producerShareBp: 1000,
  },
  settlement: {
    blockHash: '',
    header: { chain_id: 'c', height: '2', time: '', app_hash: '', proposer_address: '' },
  },
  transactions: { submit: null, commits: {}, reveals: {} },
};

const failures = (value: unknown, files?: Map<string, Uint8Array>): string[] =>
  checkReceipt(value, files)
    .checks.filter(({ outcome }) => outcome === 'fail')
    .map(({ name }) => name);

/** The receipt with one value replaced, by a path such as `job.committee.0.payout`. */
function tampered(path: string, value: unknown): unknown {
  const copy = structuredClone(receipt) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let here = copy;
  for (const key of keys) here = here[key] as Record<string, unknown>;
  here[last] = value;
  return copy;
}

describe('checkReceipt', () => {
  it('passes a true receipt and says what it could not look at', () => {
    const { valid, checks } = checkReceipt(receipt);
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
    expect(valid).toBe(true);
    const skipped = checks.filter(({ outcome }) => outcome === 'skipped');
    expect(skipped.map(({ name }) => name)).toEqual(['hashes', 'hashes', 'hashes']);
  });

  it.each([
    ['format', 'semblance/receipt/v2', 'format'],
    ['job.id', '00'.repeat(32), 'job-id'],
    ['job.request', toBase64(concat(requestBytes, Uint8Array.of(0xa0, 6, 1))), 'job-id'],
    ['settlement.header.height', '3', 'settlement'],
    ['job.committee.0.opening.salt', '00'.repeat(32), 'commitment'],
    ['job.committee.0.result.sha256', '00'.repeat(32), 'file-leaf'],
    ['job.committee.0.opening.leaves', 3, 'file-leaf'],
    ['job.committee.1.result.hashes.average', '00000000000000ff', 'verdict'],
    ['job.verdict', 'no_majority', 'verdict'],
    ['job.committee.2.standing', 'majority', 'standings'],
    ['job.result', '00'.repeat(32), 'result'],
    ['job.committee.0.payout', '46', 'payouts'],
    ['job.refund', '100', 'payouts'],
    ['profile.model', 'other', 'model'],
  ])('finds %s changed', (path, value, check) => {
    expect(failures(tampered(path, value))).toContain(check);
  });

  it('finds a file that is another', () => {
    const hash = executor.result?.sha256 ?? '';
    expect(failures(receipt, new Map([[hash, Uint8Array.of(200)]]))).toContain('hashes');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(checkReceipt(value).valid).toBe(false);
      }),
    );
    const paths = ['job', 'job.committee', 'job.committee.0', 'job.committee.0.opening', 'profile'];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        expect(checkReceipt(tampered(path, value))).toBeDefined();
      }),
    );
  });
});
