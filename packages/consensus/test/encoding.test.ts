import { createPublicKey, verify } from 'node:crypto';
import { concat, fromUtf8, toHex } from '@semblance/core/bytes';
import { merkleRoot } from '@semblance/core/merkle';
import { sha256 } from '@semblance/core/sha256';
import { BinaryWriter } from 'cosmjs-types/binary';
import { Timestamp } from 'cosmjs-types/google/protobuf/timestamp';
import { ExecTxResult } from 'cosmjs-types/tendermint/abci/types';
import { Block as BlockMessage } from 'cosmjs-types/tendermint/types/block';
import { HashedParams } from 'cosmjs-types/tendermint/types/params';
import {
  BlockID,
  Commit as CommitMessage,
  CommitSig,
  Header as HeaderMessage,
} from 'cosmjs-types/tendermint/types/types';
import { SimpleValidator } from 'cosmjs-types/tendermint/types/validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitHash, precommitSignBytes } from '../src/block/commit.ts';
import { decodeCommit, fromHeader } from '../src/block/decode.ts';
import {
  encodeBlock,
  encodeBlockId,
  encodeCommit,
  encodeCommitSignature,
  encodeHeader,
} from '../src/block/encode.ts';
import { headerHash } from '../src/block/header-hash.ts';
import { partSetHeader } from '../src/block/part-set.ts';
import { consensusHash, resultsHash, validatorsHash } from '../src/block/roots.ts';
import { type BlockId, type Commit, type Header, NO_COMMIT } from '../src/block/types.ts';
import {
  bytesField,
  intField,
  messageField,
  stringField,
  timestamp,
  varint,
} from '../src/block/wire.ts';
import { WireWriter } from '../src/block/wire-writer.ts';
import {
  decodeBlockResult,
  decodeTxRecord,
  encodeBlockResult,
  encodeTxRecord,
} from '../src/store/results-codec.ts';
import { generateValidatorKey } from '../src/validator-key.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hash = bytes(32);
/** The generated writer, which we compare with, is wrong from 2^31 to 2^32 - 1. */
const comparable = (value: bigint) => value < 1n << 31n || value >= 1n << 32n;
const height = fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }).filter(comparable);
/** Up to the year 9999, where RFC 3339 ends. */
const time = fc
  .bigInt({ min: 0n, max: 253_402_300_799_999n })
  .filter((timeMs) => comparable(timeMs / 1000n));
const blockId: fc.Arbitrary<BlockId> = fc.record({
  hash,
  parts: fc.record({ total: fc.integer({ min: 1, max: 2 ** 32 - 1 }), hash }),
});
const header: fc.Arbitrary<Header> = fc.record({
  version: fc.record({
    block: fc.constant(11n),
    app: fc.bigInt({ min: 0n, max: 1n << 40n }).filter(comparable),
  }),
  chainId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  height,
  timeMs: time,
  lastBlockId: blockId,
  lastCommitHash: hash,
  dataHash: hash,
  validatorsHash: hash,
  nextValidatorsHash: hash,
  consensusHash: hash,
  appHash: fc.uint8Array({ maxLength: 64 }),
  lastResultsHash: hash,
  evidenceHash: hash,
  proposerAddress: bytes(20),
});
const commit: fc.Arbitrary<Commit> = fc.record({
  height,
  blockId,
  signatures: fc.array(fc.record({ validator: bytes(20), timeMs: time, signature: bytes(64) }), {
    maxLength: 3,
  }),
});

const timeMessage = (timeMs: bigint) => ({
  seconds: timeMs / 1000n,
  nanos: Number(timeMs % 1000n) * 1_000_000,
});
const blockIdMessage = (id: BlockId) =>
  BlockID.fromPartial({ hash: id.hash, partSetHeader: id.parts });
const headerMessage = ({ timeMs, lastBlockId, ...same }: Header) =>
  HeaderMessage.fromPartial({
    ...same,
    time: timeMessage(timeMs),
    lastBlockId: blockIdMessage(lastBlockId),
  });
const commitMessage = (value: Commit) =>
  CommitMessage.fromPartial({
    height: value.height,
    blockId: blockIdMessage(value.blockId),
    signatures: value.signatures.map((vote) => ({
      blockIdFlag: 2,
      validatorAddress: vote.validator,
      timestamp: timeMessage(vote.timeMs),
      signature: vote.signature,
    })),
  });

describe('wire', () => {
  it('writes known varints', () => {
    const cases: [bigint, string][] = [
      [0n, '00'],
      [127n, '7f'],
      [128n, '8001'],
      [(1n << 31n) - 1n, 'ffffffff07'],
      [1n << 31n, '8080808008'],
      [(1n << 32n) - 1n, 'ffffffff0f'],
      [(1n << 63n) - 1n, 'ffffffffffffffff7f'],
      [(1n << 64n) - 1n, 'ffffffffffffffffff01'],
      [-1n, 'ffffffffffffffffff01'],
    ];
    for (const [value, expected] of cases) expect(toHex(varint(value))).toBe(expected);
  });

  it('refuses what does not fit', () => {
    expect(() => varint(1n << 64n)).toThrow(RangeError);
    expect(() => varint(-(1n << 63n) - 1n)).toThrow(RangeError);
    expect(() => timestamp(-1n)).toThrow(RangeError);
  });

  it('agrees with another writer on every 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        fc.pre(value !== 0n && comparable(value));
        expect(intField(1, value)).toEqual(
          new Uint8Array(BinaryWriter.create().uint32(8).int64(value).finish()),
        );
      }),
    );
  });

  it('writes messages in one buffer as field by field', () => {
    type Field = bigint | Uint8Array | string | readonly Field[];
    const { message } = fc.letrec<{ field: Field; message: readonly Field[] }>((tie) => ({
      message: fc.array(tie('field'), { maxLength: 5, depthIdentifier: 'message' }),
      field: fc.oneof(
        { depthIdentifier: 'message', maxDepth: 4 },
        fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
        fc.bigInt({ min: 0n, max: 200n }),
        fc.uint8Array({ maxLength: 20_000, size: 'max' }),
        fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
        tie('message'),
      ),
    }));
    const writer = new WireWriter();
    const write = (fields: readonly Field[]) => {
      for (const [i, value] of fields.entries()) {
        if (typeof value === 'bigint') writer.int(i + 1, value);
        else if (typeof value === 'string') writer.string(i + 1, value);
        else if (value instanceof Uint8Array) writer.bytes(i + 1, value);
        else writer.message(i + 1, () => write(value));
      }
    };
    const encoded = (fields: readonly Field[]): Uint8Array =>
      concat(
        ...fields.map((value, i) => {
          if (typeof value === 'bigint') return intField(i + 1, value);
          if (typeof value === 'string') return stringField(i + 1, value);
          if (value instanceof Uint8Array) return bytesField(i + 1, value);
          return messageField(i + 1, encoded(value));
        }),
      );
    fc.assert(
      fc.property(message, (fields) => {
        expect(toHex(writer.encode(() => write(fields)))).toBe(toHex(encoded(fields)));
      }),
    );
  });

  it('forgets a message that could not be written', () => {
    const writer = new WireWriter();
    const broken = () => {
      writer.string(1, 'half');
      writer.int(2, 1n << 64n);
    };
    expect(() => writer.encode(broken)).toThrow(RangeError);
    expect(toHex(writer.encode(() => writer.int(1, 5n)))).toBe('0805');
  });

  it('writes times after 2038', () => {
    // 2_147_483_648 seconds: one more than a signed 32-bit integer holds.
    expect(toHex(timestamp(2_147_483_648_001n))).toBe('08808080800810c0843d');
  });
});

describe('block structures', () => {
  it('hashes the header of CometBFT’s own test', () => {
    const of = (text: string) => sha256(fromUtf8(text));
    const value: Header = {
      version: { block: 1n, app: 2n },
      chainId: 'chainId',
      height: 3n,
      timeMs: BigInt(Date.UTC(2019, 9, 13, 16, 14, 44)),
      lastBlockId: { hash: new Uint8Array(32), parts: { total: 6, hash: new Uint8Array(32) } },
      lastCommitHash: of('last_commit_hash'),
      dataHash: of('data_hash'),
      validatorsHash: of('validators_hash'),
      nextValidatorsHash: of('next_validators_hash'),
      consensusHash: of('consensus_hash'),
      appHash: of('app_hash'),
      lastResultsHash: of('last_results_hash'),
      evidenceHash: of('evidence_hash'),
      proposerAddress: of('proposer_address').subarray(0, 20),
    };
    expect(toHex(headerHash(value))).toBe(
      'f740121f553b5418c3efbd343c2dbfe9e007bb67b0d020a0741374bab65242a4',
    );
  });

  it('encodes headers, commits and blocks like the generated code', () => {
    fc.assert(
      fc.property(header, commit, fc.array(fc.uint8Array()), (head, lastCommit, txs) => {
        expect(encodeBlockId(lastCommit.blockId)).toEqual(
          new Uint8Array(BlockID.encode(blockIdMessage(lastCommit.blockId)).finish()),
        );
        expect(encodeHeader(head)).toEqual(
          new Uint8Array(HeaderMessage.encode(headerMessage(head)).finish()),
        );
        expect(encodeCommit(lastCommit)).toEqual(
          new Uint8Array(CommitMessage.encode(commitMessage(lastCommit)).finish()),
        );
        const block = BlockMessage.fromPartial({
          header: headerMessage(head),
          data: { txs },
          evidence: { evidence: [] },
          lastCommit: commitMessage(lastCommit),
        });
        expect(encodeBlock({ header: head, txs, lastCommit })).toEqual(
          new Uint8Array(BlockMessage.encode(block).finish()),
        );
      }),
    );
  });

  it('reads back the results it stores', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 10 });
    const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
    const attribute = fc.record({ key: text, value: text });
    const event = fc.record({ type: text, attributes: fc.array(attribute, { maxLength: 3 }) });
    const result = fc.record({
      code: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      codespace: text,
      data: fc.uint8Array(),
      log: text,
      gasWanted: fc.oneof(int64, fc.constantFrom(1n << 31n, (1n << 32n) - 1n)),
      gasUsed: int64,
      events: fc.array(event, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.uint8Array(), result, hash, (tx, txResult, appHash) => {
        const record = decodeTxRecord(encodeTxRecord(5n, 3, tx, txResult));
        expect(record).toEqual({ tx, result: txResult });
        const { events } = txResult;
        const block = decodeBlockResult(encodeBlockResult({ events, appHash }));
        expect(block).toEqual({ events, appHash });
      }),
    );
  });

  it('reads back the structures it stores', () => {
    fc.assert(
      fc.property(header, commit, (head, votes) => {
        expect(fromHeader(HeaderMessage.decode(encodeHeader(head)))).toEqual(head);
        expect(decodeCommit(encodeCommit(votes))).toEqual(votes);
      }),
    );
    expect(decodeCommit(encodeCommit(NO_COMMIT))).toEqual(NO_COMMIT);
  });

  it('hashes commits, validators, parameters and results over the generated encodings', () => {
    fc.assert(
      fc.property(commit, bytes(32), height, fc.uint8Array(), (votes, key, power, data) => {
        expect(commitHash(votes)).toEqual(
          merkleRoot(
            commitMessage(votes).signatures.map((vote) => CommitSig.encode(vote).finish()),
          ),
        );
        expect(encodeCommitSignature({ validator: key, timeMs: 1n, signature: data })).toEqual(
          new Uint8Array(
            CommitSig.encode(
              CommitSig.fromPartial({
                blockIdFlag: 2,
                validatorAddress: key,
                timestamp: timeMessage(1n),
                signature: data,
              }),
            ).finish(),
          ),
        );
        const simple = SimpleValidator.fromPartial({
          pubKey: { ed25519: key },
          votingPower: power,
        });
        expect(validatorsHash([{ publicKey: key, power }])).toEqual(
          merkleRoot([SimpleValidator.encode(simple).finish()]),
        );
        const params = HashedParams.fromPartial({ blockMaxBytes: power, blockMaxGas: -1n });
        expect(toHex(consensusHash({ maxBytes: power, maxGas: -1n }))).toBe(
          toHex(sha256(HashedParams.encode(params).finish())),
        );
        const result = { code: 5, data, gasWanted: power, gasUsed: 7n };
        expect(resultsHash([{ ...result, codespace: 'x', log: 'not hashed', events: [] }])).toEqual(
          merkleRoot([ExecTxResult.encode(ExecTxResult.fromPartial(result)).finish()]),
        );
      }),
    );
  });

  it('signs the bytes of a canonical vote', () => {
    fc.assert(
      fc.property(height, blockId, time, (at, id, timeMs) => {
        // tendermint.types.CanonicalVote, field by field; round 0 is left out.
        const writer = BinaryWriter.create();
        writer.uint32(8).int32(2);
        writer.uint32(17).sfixed64(at);
        BlockID.encode(blockIdMessage(id), writer.uint32(34).fork()).ldelim();
        Timestamp.encode(timeMessage(timeMs), writer.uint32(42).fork()).ldelim();
        writer.uint32(50).string('semblance-1');
        const encoded = writer.finish();
        expect(
          precommitSignBytes({ chainId: 'semblance-1', height: at, blockId: id, timeMs }),
        ).toEqual(concat(varint(BigInt(encoded.length)), encoded));
      }),
    );
  });

  it('makes ed25519 signatures that verify', () => {
    const key = generateValidatorKey();
    const message = fromUtf8('vote');
    const x = Buffer.from(key.publicKey).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, message, publicKey, key.sign(message))).toBe(true);
  });

  it('cuts a block into parts of 64 KiB', () => {
    for (const length of [1, 65_536, 65_537, 3 * 65_536, 400_000]) {
      const encoded = Uint8Array.from({ length }, (_, i) => i % 251);
      const parts: Uint8Array[] = [];
      for (let at = 0; at < length; at += 65_536) parts.push(encoded.subarray(at, at + 65_536));
      const { total, hash: root } = partSetHeader(encoded);
      expect(total).toBe(parts.length);
      expect(toHex(root)).toBe(toHex(merkleRoot(parts)));
    }
  });
});
