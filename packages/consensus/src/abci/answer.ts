import type { Application } from '@semblance/chain/application';
import {
  Request,
  type RequestQuery,
  type Response,
  type ResponseCommit,
  type ResponseInfo,
  type ResponseInitChain,
  type ResponsePrepareProposal,
  type ResponseProcessProposal,
  ResponseProcessProposal_ProposalStatus,
  type ResponseQuery,
} from 'cosmjs-types/tendermint/abci/types';
import { APP_NAME, APP_PROTOCOL, APP_VERSION } from '../software.ts';
import { AbciError } from './errors.ts';
import { toDecidedBlock, toExtendedVote, toGenesis, toVote } from './from-engine.ts';
import { KnownTxs } from './known-txs.ts';
import {
  applySnapshotChunk,
  listSnapshots,
  loadSnapshotChunk,
  offerSnapshot,
} from './snapshots.ts';
import { toCheck, toFinalizedBlock, toQueryResponse, toValidatorUpdate } from './to-engine.ts';
import { type Extend, extendVote, verifyVoteExtension } from './vote-extensions.ts';

/** Answers one request. Throws AbciError for one that makes no sense, else what the application threw. */
export type Answer = (request: Request) => Response;

type Requests = Required<Request>;
type Kind = keyof Requests;
type Methods = { readonly [K in Kind]: (request: Requests[K]) => Required<Response>[K] };

/** Half of what the engine's own pool holds; what is forgotten is only checked anew. */
const KNOWN_TX_BYTES = 32 * 1024 * 1024;

/** An application as the engine sees it: ABCI 2.0, all of its methods. `extend` is a validator's. */
export function answerFor(app: Application, extend?: Extend): Answer {
  const methods = methodsOf(app, extend, new KnownTxs(KNOWN_TX_BYTES));
  return (request) => {
    const kind = kindOf(request);
    return { [kind]: call(methods, kind, request) };
  };
}

/** Reads a request. Whatever is wrong with it, the error is an AbciError. */
export function decodeRequest(frame: Uint8Array): Request {
  try {
    return Request.decode(frame);
  } catch (cause) {
    throw new AbciError('BAD_REQUEST', 'a request does not decode', {}, { cause });
  }
}

function call<K extends Kind>(methods: Methods, kind: K, request: Request) {
  return methods[kind](request[kind] as Requests[K]);
}

/** The one field that is set. */
function kindOf(request: Request): Kind {
  const all = Object.keys(request) as Kind[];
  const kinds = all.filter((kind) => request[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined) throw new AbciError('UNKNOWN_REQUEST', 'an unknown request', {});
  if (kinds.length > 1) throw new AbciError('BAD_REQUEST', 'several requests in one', {});
  return kind;
}

function methodsOf(app: Application, extend: Extend | undefined, known: KnownTxs): Methods {
  const same = (txs: readonly Uint8Array[]) => txs.map((tx) => known.same(tx));
  return {
    echo: ({ message }) => ({ message }),
    flush: () => ({}),
    info: () => info(app),
    query: (request) => query(app, request),

    checkTx: ({ tx }) => toCheck(app.checkTx(known.same(tx))),

    initChain: (request): ResponseInitChain => {
      const { appHash, validators = [] } = app.initChain(toGenesis(request));
      return { appHash, validators: validators.map(toValidatorUpdate) };
    },
    prepareProposal: ({ txs, maxTxBytes, localLastCommit }): ResponsePrepareProposal => {
      const lastCommit = localLastCommit.votes.map(toExtendedVote);
      return { txs: [...app.prepareProposal({ txs: same(txs), maxTxBytes, lastCommit })] };
    },
    processProposal: ({ txs, proposedLastCommit }) => {
      const lastCommit = proposedLastCommit.votes.map(toVote);
      return verdict(app.processProposal({ txs: same(txs), lastCommit }));
    },
    extendVote: (request) => extendVote(app, extend, request),
    verifyVoteExtension: (request) => verifyVoteExtension(app, request),
    finalizeBlock: (request) => {
      const block = toDecidedBlock(request);
      return toFinalizedBlock(app.finalizeBlock({ ...block, txs: same(block.txs) }));
    },
    commit: (): ResponseCommit => {
      app.commit();
      return { retainHeight: KEEP_ALL_BLOCKS };
    },

    listSnapshots: () => listSnapshots(app),
    offerSnapshot: (request) => offerSnapshot(app, request),
    loadSnapshotChunk: (request) => loadSnapshotChunk(app, request),
    applySnapshotChunk: (request) => applySnapshotChunk(app, request),
  };
}

const KEEP_ALL_BLOCKS = 0n;

/** What is committed: a block that was executed and not committed will come again. */
function info(app: Application): ResponseInfo {
  const { height, appHash } = app.info();
  return {
    data: APP_NAME,
    version: APP_VERSION,
    appVersion: APP_PROTOCOL,
    lastBlockHeight: height,
    lastBlockAppHash: appHash,
  };
}

function query(app: Application, { path, data, height, prove }: RequestQuery): ResponseQuery {
  return toQueryResponse(app.query(path, data, { height, prove }));
}

function verdict(isGood: boolean): ResponseProcessProposal {
  const { ACCEPT, REJECT } = ResponseProcessProposal_ProposalStatus;
  return { status: isGood ? ACCEPT : REJECT };
}
