import { createHash, createPublicKey, verify } from 'node:crypto';
import {
  calculateExistenceRoot,
  iavlSpec,
  ics23,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
} from '@confio/ics23';
import { toBech32 } from '@semblance/core/bech32';
import { fromHex } from '@semblance/core/bytes';
import { BinaryWriter } from 'cosmjs-types/binary';
import { Timestamp } from 'cosmjs-types/google/protobuf/timestamp';
import { ExecTxResult } from 'cosmjs-types/tendermint/abci/types';
import { Block } from 'cosmjs-types/tendermint/types/block';
import { BlockID, Commit, CommitSig, Header } from 'cosmjs-types/tendermint/types/types';
import { SimpleValidator } from 'cosmjs-types/tendermint/types/validator';
import { Consensus } from 'cosmjs-types/tendermint/version/types';
import { expect, it, onTestFinished } from 'vitest';
import { createGenesis, genesisValidator } from '../src/genesis.ts';
import { startSolo } from '../src/solo.ts';
import { generateValidatorKey } from '../src/validator-key.ts';
import { rpc, startKvstore, temporaryHome, txOf } from './fixtures/solo.ts';

/*
 * Checks blocks the way a stranger would: from the JSON that the RPC gives, with the generated
 * encodings, node:crypto and a Merkle tree of its own. Nothing of this package computes here.
 */

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function root(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), root(leaves.slice(0, split)), root(leaves.slice(split)));
}

interface BlockIdJson {
  hash: string;
  parts: { total: number; hash: string };
}

function toBlockId(id: BlockIdJson): BlockID {
  return BlockID.fromPartial({
    hash: fromHex(id.hash),
    partSetHeader: { total: id.parts.total, hash: fromHex(id.parts.hash) },
  });
}

function toTimestamp(time: string): Timestamp {
  const ms = Date.parse(time);
  return { seconds: BigInt(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 };
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of the RPC
type Json = any;

function toHeader(json: Json): Header {
  return Header.fromPartial({
    version: { block: BigInt(json.version.block), app: BigInt(json.version.app) },
    chainId: json.chain_id,
    height: BigInt(json.height),
    time: toTimestamp(json.time),
    lastBlockId: toBlockId(json.last_block_id),
    lastCommitHash: fromHex(json.last_commit_hash),
    dataHash: fromHex(json.data_hash),
    validatorsHash: fromHex(json.validators_hash),
    nextValidatorsHash: fromHex(json.next_validators_hash),
    consensusHash: fromHex(json.consensus_hash),
    appHash: fromHex(json.app_hash),
    lastResultsHash: fromHex(json.last_results_hash),
    evidenceHash: fromHex(json.evidence_hash),
    proposerAddress: fromHex(json.proposer_address),
  });
}

function toCommit(json: Json): Commit {
  return Commit.fromPartial({
    height: BigInt(json.height),
    round: json.round,
    blockId: toBlockId(json.block_id),
    signatures: json.signatures.map((vote: Json) => ({
      blockIdFlag: vote.block_id_flag,
      validatorAddress: fromHex(vote.validator_address),
      timestamp: toTimestamp(vote.timestamp),
      signature: Buffer.from(vote.signature, 'base64'),
    })),
  });
}

function hashHeader(header: Header): string {
  // google.protobuf.BytesValue, StringValue and Int64Value: one field, numbered 1.
  const bytes = (value: Uint8Array) => BinaryWriter.create().uint32(10).bytes(value).finish();
  return root([
    Consensus.encode(header.version).finish(),
    BinaryWriter.create().uint32(10).string(header.chainId).finish(),
    BinaryWriter.create().uint32(8).int64(header.height).finish(),
    Timestamp.encode(header.time).finish(),
    BlockID.encode(header.lastBlockId).finish(),
    bytes(header.lastCommitHash),
    bytes(header.dataHash),
    bytes(header.validatorsHash),
    bytes(header.nextValidatorsHash),
    bytes(header.consensusHash),
    bytes(header.appHash),
    bytes(header.lastResultsHash),
    bytes(header.evidenceHash),
    bytes(header.proposerAddress),
  ])
    .toString('hex')
    .toUpperCase();
}

function signBytes(chainId: string, commit: Commit, vote: CommitSig): Uint8Array {
  const writer = BinaryWriter.create();
  writer.uint32(8).int32(2).uint32(17).sfixed64(commit.height);
  BlockID.encode(commit.blockId, writer.uint32(34).fork()).ldelim();
  Timestamp.encode(vote.timestamp, writer.uint32(42).fork()).ldelim();
  writer.uint32(50).string(chainId);
  const body = writer.finish();
  return BinaryWriter.create().bytes(body).finish();
}

it('serves a chain that a light client accepts', async () => {
  const { rpcUrl } = await startKvstore();
  const big = 'b='.padEnd(200_000, 'x');
  for (const text of ['a=1', 'late=1', 'c=3', big]) {
    await rpc(rpcUrl, 'broadcast_tx_commit', { tx: txOf(text) });
  }
  const batch = ['d=1', 'e=2', 'f=3'].map((text, id) => ({
    jsonrpc: '2.0',
    id,
    method: 'broadcast_tx_commit',
    params: { tx: txOf(text) },
  }));
  await Promise.all(batch.map((call) => rpc(rpcUrl, call.method, call.params)));

  const { result: genesis } = await rpc(rpcUrl, 'genesis');
  const { result: status } = await rpc(rpcUrl, 'status');
  const latest = Number(status.sync_info.latest_block_height);
  expect(latest).toBeGreaterThanOrEqual(6);
  const publicKey = Buffer.from(status.validator_info.pub_key.value, 'base64');
  const validator = SimpleValidator.fromPartial({
    pubKey: { ed25519: publicKey },
    votingPower: BigInt(status.validator_info.voting_power),
  });
  const keyObject = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });
  const upper = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

  let before: { id: BlockIdJson; time: number; results: string; appHash: string } | undefined;
  for (let height = 1; height <= latest; height++) {
    const { block_id: id, block } = (await rpc(rpcUrl, 'block', { height: `${height}` })).result;
    const header = toHeader(block.header);
    expect(hashHeader(header)).toBe(id.hash);
    expect(block.header.height).toBe(String(height));
    expect(block.header.chain_id).toBe(genesis.genesis.chain_id);

    const txs: Buffer[] = block.data.txs.map((tx: string) => Buffer.from(tx, 'base64'));
    expect(upper(root(txs.map((tx) => sha256(tx))))).toBe(block.header.data_hash);
    const lastCommit = toCommit(block.last_commit);
    expect(upper(root(lastCommit.signatures.map((vote) => CommitSig.encode(vote).finish())))).toBe(
      block.header.last_commit_hash,
    );
    expect(upper(root([SimpleValidator.encode(validator).finish()]))).toBe(
      block.header.validators_hash,
    );
    const whole = Block.encode(
      Block.fromPartial({ header, data: { txs }, evidence: { evidence: [] }, lastCommit }),
    ).finish();
    const parts: Uint8Array[] = [];
    for (let at = 0; at < whole.length; at += 65_536) parts.push(whole.subarray(at, at + 65_536));
    expect(id.parts).toEqual({ total: parts.length, hash: upper(root(parts)) });

    const { result: commitResult } = await rpc(rpcUrl, 'commit', { height: `${height}` });
    const commit = toCommit(commitResult.signed_header.commit);
    expect(commitResult.signed_header.commit.block_id).toEqual(id);
    expect(commitResult.canonical).toBe(height < latest);
    for (const vote of commit.signatures) {
      const signed = signBytes(block.header.chain_id, commit, vote);
      expect(verify(null, signed, keyObject, vote.signature)).toBe(true);
      expect(upper(vote.validatorAddress)).toBe(upper(sha256(publicKey).subarray(0, 20)));
    }

    if (before !== undefined) {
      expect(block.header.last_block_id).toEqual(before.id);
      expect(block.last_commit.block_id).toEqual(before.id);
      expect(Date.parse(block.header.time)).toBeGreaterThan(before.time);
      expect(block.header.last_results_hash).toBe(before.results);
      expect(block.header.app_hash).toBe(before.appHash);
    }
    const { result: results } = await rpc(rpcUrl, 'block_results', { height: `${height}` });
    const deterministic = results.txs_results.map((result: Json) =>
      ExecTxResult.encode(
        ExecTxResult.fromPartial({
          code: result.code,
          data: Buffer.from(result.data ?? '', 'base64'),
          gasWanted: BigInt(result.gas_wanted),
          gasUsed: BigInt(result.gas_used),
        }),
      ).finish(),
    );
    before = {
      id,
      time: Date.parse(block.header.time),
      results: upper(root(deterministic)),
      appHash: Buffer.from(results.app_hash, 'base64').toString('hex').toUpperCase(),
    };
  }
});

it('proves that a transaction is in its block', async () => {
  const { rpcUrl } = await startKvstore();
  const texts = ['a=1', 'b=2', 'c=3', 'd=4', 'e=5'];
  const sent = await Promise.all(
    texts.map((text) => rpc(rpcUrl, 'broadcast_tx_commit', { tx: txOf(text) })),
  );
  for (const { result } of sent) {
    const hash = Buffer.from(result.hash, 'hex').toString('base64');
    const { result: found } = await rpc(rpcUrl, 'tx', { hash, prove: true });
    const { block } = (await rpc(rpcUrl, 'block', { height: found.height })).result;
    expect(found.proof.root_hash).toBe(block.header.data_hash);
    const { total, index, leaf_hash: leaf, aunts } = found.proof.proof;
    expect(sha256(Buffer.of(0), sha256(Buffer.from(found.tx, 'base64'))).toString('base64')).toBe(
      leaf,
    );
    expect(climb(Number(index), Number(total), Buffer.from(leaf, 'base64'), aunts)).toBe(
      block.header.data_hash,
    );
  }
});

/** CometBFT's `computeHashFromAunts`. */
function climb(index: number, total: number, leaf: Buffer, aunts: string[]): string {
  const up = (at: number, size: number, path: Buffer[]): Buffer => {
    if (size === 1) return leaf;
    let split = 1;
    while (split * 2 < size) split *= 2;
    const aunt = path.at(-1) ?? Buffer.alloc(0);
    const rest = path.slice(0, -1);
    return at < split
      ? sha256(Buffer.of(1), up(at, split, rest), aunt)
      : sha256(Buffer.of(1), aunt, up(at - split, size - split, rest));
  };
  const path = aunts.map((aunt) => Buffer.from(aunt, 'base64'));
  return up(index, total, path).toString('hex').toUpperCase();
}

/**
 * Verifies both steps of a proof as an IBC client does, down from the application hash. Returns
 * whether the store holds `value` under the key, or nothing where that is undefined.
 */
function isProved(
  ops: readonly { type: string; key: string; data: string }[],
  store: string,
  key: Uint8Array,
  value: Uint8Array | undefined,
  appHash: Uint8Array,
): boolean {
  const [inTree, inStores] = ops.map(({ data }) =>
    ics23.CommitmentProof.decode(Buffer.from(data, 'base64')),
  );
  if (inTree === undefined || inStores === undefined || ops.length !== 2) return false;
  const leaf = inTree.exist ?? inTree.nonexist?.left ?? inTree.nonexist?.right;
  if (!leaf) return false;
  const root = calculateExistenceRoot(leaf);
  const isInStore =
    value === undefined
      ? verifyNonMembership(inTree, iavlSpec, root, key)
      : verifyMembership(inTree, iavlSpec, root, key, value);
  return isInStore && verifyMembership(inStores, tendermintSpec, appHash, Buffer.from(store), root);
}

/** The real application with one holder of coins. */
async function startChain(holder: string, amount: bigint): Promise<string> {
  const validatorKey = generateValidatorKey();
  const chain = await startSolo({
    home: temporaryHome(),
    validatorKey,
    rpc: { host: '127.0.0.1', port: 0 },
    emptyBlockMs: 20,
    genesis: createGenesis({
      chainId: 'semblance-test-1',
      timeMs: 1_700_000_000_000n,
      validators: [genesisValidator(validatorKey.publicKey)],
      appState: {
        auth: { params: { bech32_prefix: 'sem', min_gas_price_milli: '1' } },
        bank: { balances: [{ address: holder, coins: [{ denom: 'usem', amount: `${amount}` }] }] },
        ml: {},
      },
    }),
  });
  onTestFinished(() => chain.stop());
  return chain.rpcUrl;
}

/** The application hash in the header after a height, once that block is there. */
async function appHashAfter(url: string, height: string): Promise<Uint8Array> {
  const wanted = BigInt(height) + 1n;
  for (let latest = 0n; latest < wanted; ) {
    latest = BigInt((await rpc(url, 'status')).result.sync_info.latest_block_height);
  }
  const { block_id: id, block } = (await rpc(url, 'block', { height: `${wanted}` })).result;
  expect(hashHeader(toHeader(block.header))).toBe(id.hash);
  return fromHex(block.header.app_hash);
}

it('proves a balance, and that there is none, under the application hash of a header', async () => {
  const address = new Uint8Array(20).fill(7);
  const url = await startChain(toBech32('sem', address), 123_456_789n);
  const keyOf = (denom: string) => Buffer.concat([Buffer.of(0x20), address, Buffer.from(denom)]);
  const ask = async (key: Buffer, height = '0') => {
    const params = { path: '/store/bank/key', data: key.toString('hex'), height, prove: true };
    return (await rpc(url, 'abci_query', params)).result.response;
  };
  const [held, none] = [keyOf('usem'), keyOf('uatom')];
  const there = await ask(held);
  const absent = await ask(none, there.height);
  const value = Buffer.from(there.value, 'base64');
  expect(BigInt(`0x${value.toString('hex')}`)).toBe(123_456_789n);
  expect(Buffer.from(there.key, 'base64')).toEqual(held);
  expect(absent).toMatchObject({ code: 0, value: null, height: there.height });
  const { ops } = there.proofOps;
  expect(ops.map(({ type }: Json) => type)).toEqual(['ics23:iavl', 'ics23:simple']);

  const appHash = await appHashAfter(url, there.height);
  expect(isProved(ops, 'bank', held, value, appHash)).toBe(true);
  expect(isProved(absent.proofOps.ops, 'bank', none, undefined, appHash)).toBe(true);

  expect(isProved(ops, 'bank', held, Buffer.alloc(16, 1), appHash)).toBe(false);
  expect(isProved(ops, 'bank', none, value, appHash)).toBe(false);
  expect(isProved(ops, 'bank', held, undefined, appHash)).toBe(false);
  expect(isProved(ops, 'acc', held, value, appHash)).toBe(false);
  expect(isProved(absent.proofOps.ops, 'bank', held, undefined, appHash)).toBe(false);
  expect(isProved(ops, 'bank', held, value, await appHashAfter(url, '0'))).toBe(false);
});

it('answers for earlier heights, and says what it cannot answer', async () => {
  const address = new Uint8Array(20).fill(7);
  const url = await startChain(toBech32('sem', address), 5n);
  const ask = async (params: Readonly<Record<string, unknown>>) =>
    (await rpc(url, 'abci_query', params)).result.response;
  const data = `20${Buffer.from(address).toString('hex')}${Buffer.from('usem').toString('hex')}`;
  await appHashAfter(url, '3');
  const old = await ask({ path: '/store/bank/key', data, height: '2', prove: true });
  const key = Buffer.from(data, 'hex');
  const value = Buffer.from(old.value, 'base64');
  expect(isProved(old.proofOps.ops, 'bank', key, value, await appHashAfter(url, '2'))).toBe(true);
  expect(await ask({ path: '/store/bank/key', data })).toMatchObject({ code: 0, proofOps: null });
  expect(await ask({ path: '/store/bank/key', data, height: '999999' })).toMatchObject({
    code: 26,
  });
  expect(await ask({ path: '/store/bank/key', data: '' })).toMatchObject({ code: 18 });
  expect(await ask({ path: '/store/gold/key', data })).toMatchObject({ code: 6 });
  const supply = '/cosmos.bank.v1beta1.Query/TotalSupply';
  expect(await ask({ path: supply, data: '', height: '2' })).toMatchObject({ code: 26 });
});
