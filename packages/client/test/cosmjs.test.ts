import { create, fromBinary } from '@bufbuild/protobuf';
import { toHex } from '@semblance/core/bytes';
import { MsgRevealSchema, MsgSubmitJobSchema } from '@semblance/proto/ml';
import { describe, expect, it } from 'vitest';
import { createAminoTypes, createRegistry } from '../src/cosmjs.ts';
import { jobRequest } from '../src/job.ts';
import * as messages from '../src/messages.ts';

const request = jobRequest({
  requester: 'sem1requester',
  nonce: 18446744073709551615n,
  model: 'emoji-64',
  committeeSize: 3,
  fee: '1000',
  deadlineMs: 60_000n,
  task: { case: 'textToImage', value: { prompt: 'a <red> & "blue" fox', seed: 7n, steps: 20 } },
});

const reveal = {
  node: 'sem1node',
  jobId: new Uint8Array(32).fill(1),
  salt: new Uint8Array(32).fill(2),
  trajectoryRoot: new Uint8Array(32).fill(3),
  file: Uint8Array.of(9, 9),
  fileLeaf: 0,
  leaves: 4,
  filePath: [new Uint8Array(32).fill(4)],
};

describe('CosmJS entries', () => {
  it('encode to the bytes that the builders make', () => {
    const registry = createRegistry();
    const typeUrl = '/semblance.ml.v1.MsgReveal';
    expect(toHex(registry.encode({ typeUrl, value: reveal }))).toBe(
      toHex(messages.reveal(reveal).value),
    );
    const decoded = registry.decode(messages.reveal(reveal));
    expect(decoded.leaves).toBe(4);
  });

  it('convert to amino JSON by the rule and back', () => {
    const amino = createAminoTypes();
    const typeUrl = '/semblance.ml.v1.MsgSubmitJob';
    const value = create(MsgSubmitJobSchema, { request });
    const message = amino.toAmino({ typeUrl, value });
    expect(message).toEqual({
      type: 'semblance/ml/MsgSubmitJob',
      value: {
        request: {
          requester: 'sem1requester',
          nonce: '18446744073709551615',
          model: 'emoji-64',
          committee_size: 3,
          fee: '1000',
          deadline_ms: '60000',
          text_to_image: { prompt: 'a <red> & "blue" fox', seed: '7', steps: 20 },
        },
      },
    });
    expect(amino.fromAmino(message)).toEqual({ typeUrl, value });
  });

  it('leave empty fields out and write bytes as base64', () => {
    const { value } = createAminoTypes().toAmino({
      typeUrl: '/semblance.ml.v1.MsgReveal',
      value: reveal,
    });
    expect(value).not.toHaveProperty('file_leaf');
    expect(value.file).toBe('CQk=');
    const { value: bytes } = messages.reveal(reveal);
    expect(fromBinary(MsgRevealSchema, bytes).fileLeaf).toBe(0);
  });
});
