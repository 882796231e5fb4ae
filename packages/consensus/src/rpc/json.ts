import type { ChainEvent, TxResult } from '@semblance/chain/application';
import type { Block, BlockId, Commit, Header } from '../block/types.ts';

/*
 * CometBFT's JSON: hashes and addresses in upper-case hex, other bytes in base64, 64-bit integers
 * as strings, everything else as numbers.
 */

export function hex(bytes: Uint8Array): string {
  return view(bytes).toString('hex').toUpperCase();
}

export function base64(bytes: Uint8Array): string {
  return view(bytes).toString('base64');
}

/** RFC 3339 in UTC of Unix milliseconds. */
export function time(timeMs: bigint): string {
  return new Date(Number(timeMs)).toISOString();
}

export function blockIdJson(id: BlockId) {
  return { hash: hex(id.hash), parts: { total: id.parts.total, hash: hex(id.parts.hash) } };
}

export function headerJson(header: Header) {
  return {
    version: { block: String(header.version.block), app: String(header.version.app) },
    chain_id: header.chainId,
    height: String(header.height),
    time: time(header.timeMs),
    last_block_id: blockIdJson(header.lastBlockId),
    last_commit_hash: hex(header.lastCommitHash),
    data_hash: hex(header.dataHash),
    validators_hash: hex(header.validatorsHash),
    next_validators_hash: hex(header.nextValidatorsHash),
    consensus_hash: hex(header.consensusHash),
    app_hash: hex(header.appHash),
    last_results_hash: hex(header.lastResultsHash),
    evidence_hash: hex(header.evidenceHash),
    proposer_address: hex(header.proposerAddress),
  };
}

export function commitJson(commit: Commit) {
  return {
    height: String(commit.height),
    round: 0,
    block_id: blockIdJson(commit.blockId),
    signatures: commit.signatures.map((vote) => ({
      block_id_flag: 2,
      validator_address: hex(vote.validator),
      timestamp: time(vote.timeMs),
      signature: base64(vote.signature),
    })),
  };
}

export function blockJson(block: Block) {
  return {
    header: headerJson(block.header),
    data: { txs: block.txs.map(base64) },
    evidence: { evidence: [] },
    last_commit: commitJson(block.lastCommit),
  };
}

/** `info` is always there and empty: the application has nothing to say in it. */
export function txResultJson(result: TxResult) {
  return {
    code: result.code,
    data: result.data.length === 0 ? null : base64(result.data),
    log: result.log,
    info: '',
    gas_wanted: String(result.gasWanted),
    gas_used: String(result.gasUsed),
    events: result.events.map(eventJson),
    codespace: result.codespace,
  };
}

export function eventJson(event: ChainEvent) {
  return {
    type: event.type,
    attributes: event.attributes.map(({ key, value }) => ({ key, value, index: true })),
  };
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
