import { merkleRoot } from '@semblance/core/merkle';
import { encodeBlockId, encodeVersion } from './encode.ts';
import type { Header } from './types.ts';
import { bytesField, intField, stringField, timestamp } from './wire.ts';

/** The block's hash: Merkle root over its 14 encoded fields (CometBFT `Header.Hash`). */
export function headerHash(header: Header): Uint8Array {
  return merkleRoot([
    encodeVersion(header.version),
    stringField(1, header.chainId),
    intField(1, header.height),
    timestamp(header.timeMs),
    encodeBlockId(header.lastBlockId),
    bytesField(1, header.lastCommitHash),
    bytesField(1, header.dataHash),
    bytesField(1, header.validatorsHash),
    bytesField(1, header.nextValidatorsHash),
    bytesField(1, header.consensusHash),
    bytesField(1, header.appHash),
    bytesField(1, header.lastResultsHash),
    bytesField(1, header.evidenceHash),
    bytesField(1, header.proposerAddress),
  ]);
}
