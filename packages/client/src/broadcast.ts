import { toBase64 } from '@cosmjs/encoding';
import { TxMsgData } from 'cosmjs-types/cosmos/base/abci/v1beta1/abci';
import { SimulateRequest, SimulateResponse } from 'cosmjs-types/cosmos/tx/v1beta1/service';
import { at, type ExecutedTx, integer, text, txHash } from './comet-json.ts';
import { ChainError, NotIncludedError, RpcError, UnreachableError } from './errors.ts';
import type { Feed } from './feed.ts';
import type { GasBook } from './gas-book.ts';
import type { JsonRpc } from './json-rpc.ts';
import type { TxMessage } from './messages.ts';
import type { Account, Queries } from './query.ts';
import { NotSent, type SequenceBook, SequenceMismatch } from './sequence.ts';
import type { Signer } from './signer.ts';
import { signTx, simulatedTx, type TxFields } from './transaction.ts';

export interface BroadcastOptions {
  /** Gas limit. Simulated when not given. */
  readonly gas?: bigint;
  /** Name shared by transactions whose gas is a fixed part and a part by the byte: only the first is simulated. */
  readonly gasKind?: string;
  readonly memo?: string;
  /** How long to wait for a block with the transaction. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A transaction that a block holds and that succeeded. */
export interface TxOutcome extends ExecutedTx {
  /** The messages' responses, in order. */
  readonly responses: readonly TxMessage[];
}

export type Broadcast = (
  signer: Signer,
  messages: readonly TxMessage[],
  options?: BroadcastOptions,
) => Promise<TxOutcome>;

export interface FeeTerms {
  readonly chainId: string;
  readonly denom: string;
  /** Thousandths of a base unit for one gas. */
  readonly gasPriceMilli: bigint;
}

export interface BroadcastParts {
  readonly rpc: JsonRpc;
  readonly queries: Queries;
  readonly feed: Feed;
  readonly sequences: SequenceBook;
  readonly gasBook: GasBook;
  readonly terms: FeeTerms;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** The Tx event normally comes first; looking the hash up is for when it does not. */
const LOOKUP_MS = 1_500;
const RESEND_PAUSE_MS = 250;
/** In the `sdk` codespace. */
const WRONG_SEQUENCE = 32;

export function createBroadcast(parts: BroadcastParts): Broadcast {
  const { rpc, feed, sequences, gasBook } = parts;
  return async (signer, messages, options = {}) => {
    const { signal: outer, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    outer?.throwIfAborted();
    const deadline = AbortSignal.timeout(timeoutMs);
    const signal = outer ? AbortSignal.any([outer, deadline]) : deadline;
    const executed = awaitExecutions(feed);
    try {
      const tx = await sequences.use(signer.address, (account) =>
        send(parts, signer, messages, options, account, signal),
      );
      const outcome = await inclusion(parts, tx, executed, signal);
      return succeeded(outcome);
    } catch (error) {
      if (!(error instanceof ChainError)) sequences.forget(signer.address);
      else if (options.gasKind !== undefined) gasBook.forget(options.gasKind);
      outer?.throwIfAborted();
      if (!deadline.aborted || error instanceof NotIncludedError) throw error;
      throw new UnreachableError(rpc.url, `not sent within ${timeoutMs} ms`, { cause: error });
    } finally {
      executed.stop();
    }
  };
}

/** Signs with the given sequence and gets the transaction into the pool. Returns its bytes. */
async function send(
  parts: BroadcastParts,
  signer: Signer,
  messages: readonly TxMessage[],
  options: BroadcastOptions,
  account: Account,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { rpc, terms } = parts;
  const draft: TxFields = {
    chainId: terms.chainId,
    accountNumber: account.number,
    sequence: account.sequence,
    messages,
    memo: options.memo ?? '',
    gas: 0n,
    fee: [],
    publicKey: signer.publicKey,
  };
  const gas = options.gas ?? (await estimate(parts, options.gasKind, draft, signal));
  const fee = [{ denom: terms.denom, amount: feeFor(gas, terms.gasPriceMilli).toString() }];
  const tx = await signTx(signer, { ...draft, gas, fee }).catch((cause: unknown) => {
    throw new NotSent(cause);
  });
  await pool(rpc, tx, signal);
  return tx;
}

/** ceil(gas * price / 1000), the smallest fee the chain takes. */
export function feeFor(gas: bigint, gasPriceMilli: bigint): bigint {
  return (gas * gasPriceMilli + 999n) / 1000n;
}

async function estimate(
  { queries, gasBook }: BroadcastParts,
  kind: string | undefined,
  draft: TxFields,
  signal: AbortSignal,
): Promise<bigint> {
  const txBytes = simulatedTx(draft);
  const run = () => simulate(queries, txBytes, signal).catch(refusal);
  return kind === undefined ? run() : gasBook.estimate(kind, txBytes.length, run);
}

/** Gas used by a trial run, with a margin of three tenths for state that moves meanwhile. */
async function simulate(
  queries: Queries,
  txBytes: Uint8Array,
  signal: AbortSignal,
): Promise<bigint> {
  const request = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes })).finish();
  const value = await queries.abci('/cosmos.tx.v1beta1.Service/Simulate', request, { signal });
  const gasUsed = value && SimulateResponse.decode(value).gasInfo?.gasUsed;
  if (!gasUsed) {
    throw new ChainError({ chainCode: 1, codespace: 'sdk', log: 'the simulation told no gas' });
  }
  return (gasUsed * 13n) / 10n;
}

/**
 * Offers the same bytes until the pool takes them: when an answer is lost, sending again is safe
 * because a transaction counts once.
 */
async function pool(rpc: JsonRpc, tx: Uint8Array, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await offer(rpc, tx, signal);
    } catch (error) {
      // After a lost answer the sequence may be used up by this very transaction; before, by an
      // equal one that somebody else sent with the same key.
      if (attempt > 0 && error instanceof SequenceMismatch) return;
      if (!(error instanceof UnreachableError) || signal.aborted) throw error;
      await pause(RESEND_PAUSE_MS, signal);
    }
  }
}

async function offer(rpc: JsonRpc, tx: Uint8Array, signal: AbortSignal): Promise<void> {
  const result = await rpc
    .call('broadcast_tx_sync', { tx: toBase64(tx) }, { signal })
    .catch((error: unknown) => {
      if (!(error instanceof RpcError)) throw error;
      throw isKnownTx(error) ? new SequenceMismatch(undefined, error) : new NotSent(error);
    });
  const chainCode = Number(integer(at(result, 'code')));
  if (chainCode === 0) return;
  refusal(
    new ChainError({
      chainCode,
      codespace: text(at(result, 'codespace')),
      log: text(at(result, 'log')),
    }),
  );
}

/** CometBFT's word for bytes that the pool has seen lately. */
function isKnownTx(error: RpcError): boolean {
  return error.message.includes('already exists in cache');
}

/** Tells a wrong sequence from every other refusal. */
function refusal(error: unknown): never {
  if (!(error instanceof ChainError)) throw error;
  const wrongSequence =
    error.chainCode === WRONG_SEQUENCE || /account sequence mismatch/.test(error.log);
  if (!wrongSequence) throw new NotSent(error);
  const expected = /expected (\d{1,20})/.exec(error.log)?.[1];
  throw new SequenceMismatch(expected === undefined ? undefined : BigInt(expected), error);
}

interface Executions {
  /** Resolves with the execution of a transaction, past or future, as the feed tells it. */
  of(hash: string): Promise<ExecutedTx>;
  /** Runs on every (re)connection of the feed. */
  onResync: () => void;
  stop(): void;
}

/** Remembers what the feed tells from before the transaction is sent: the event may come first. */
function awaitExecutions(feed: Feed): Executions {
  const seen = new Map<string, ExecutedTx>();
  let wanted: { hash: string; resolve: (tx: ExecutedTx) => void } | undefined;
  const executions: Executions = {
    of: (hash) =>
      new Promise((resolve) => {
        const already = seen.get(hash);
        if (already) resolve(already);
        else wanted = { hash, resolve };
        seen.clear();
      }),
    onResync: () => {},
    stop: feed.listen({
      onResync: () => executions.onResync(),
      onNotice: (notice) => {
        if (notice.kind !== 'tx') return;
        if (wanted?.hash === notice.tx.hash) wanted.resolve(notice.tx);
        else if (!wanted) seen.set(notice.tx.hash, notice.tx);
      },
    }),
  };
  return executions;
}

async function inclusion(
  { rpc, queries }: BroadcastParts,
  tx: Uint8Array,
  executions: Executions,
  signal: AbortSignal,
): Promise<ExecutedTx> {
  const hash = txHash(tx);
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  try {
    return await Promise.race([
      executions.of(hash),
      lookups(rpc, queries, tx, hash, executions, stop),
    ]);
  } catch (error) {
    if (!signal.aborted || error instanceof NotIncludedError) throw error;
    throw new NotIncludedError(hash, 'no block held it in time');
  } finally {
    done.abort();
  }
}

/** Asks for the transaction by hash, and offers it again in case a restart emptied the pool. */
async function lookups(
  rpc: JsonRpc,
  queries: Queries,
  tx: Uint8Array,
  hash: string,
  executions: Executions,
  signal: AbortSignal,
): Promise<ExecutedTx> {
  for (;;) {
    await pauseOrResync(executions, signal);
    try {
      const found = await queries.tx(hash, { signal });
      if (found) return found;
      await offer(rpc, tx, signal);
    } catch (error) {
      signal.throwIfAborted();
      // Included between the two calls, or superseded: the next look-up tells, or time runs out.
      if (error instanceof SequenceMismatch) continue;
      if (error instanceof UnreachableError || error instanceof RpcError) continue;
      if (error instanceof NotSent && error.cause instanceof ChainError) {
        const found = await queries.tx(hash, { signal });
        if (found) return found;
        throw error.cause;
      }
      throw error;
    }
  }
}

function pauseOrResync(executions: Executions, signal: AbortSignal): Promise<void> {
  const resync = new Promise<void>((resolve) => {
    executions.onResync = resolve;
  });
  return Promise.race([pause(LOOKUP_MS, signal), resync]);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

function succeeded(tx: ExecutedTx): TxOutcome {
  if (tx.code !== 0) {
    const { code: chainCode, codespace, log, hash: hashOfTx } = tx;
    throw new ChainError({ chainCode, codespace, log, txHash: hashOfTx });
  }
  const { msgResponses } = TxMsgData.decode(tx.data);
  return { ...tx, responses: msgResponses };
}
