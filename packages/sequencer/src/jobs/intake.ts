import type { Chain } from '@semblance/client/chain';
import { jobIdOf, jobRequest, randomNonce } from '@semblance/client/job';
import { toHex } from '@semblance/core/bytes';
import type { Params } from '@semblance/proto/ml';
import type { Accounts } from '../accounts/keystore.ts';
import type { RateLimit } from '../accounts/rate-limit.ts';
import { ApiError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { PreparedOrder } from '../pictures/prepare.ts';
import { type Idempotency, type JobStore, JobStoreError, type StoredJob } from './job-store.ts';
import { seedsOf } from './seeds.ts';
import { taskOf } from './task.ts';

/** Who asks: an API key and the account it spends from. */
export interface Caller {
  readonly keyId: string;
  readonly account: string;
}

export interface IntakeParts {
  readonly chain: Pick<Chain, 'query' | 'denom'>;
  readonly store: JobStore;
  readonly accounts: Accounts;
  readonly rateLimit: RateLimit;
  readonly limits: Limits;
  readonly params: () => Promise<Params>;
  /** Told of jobs that are now durable. */
  readonly onAccepted: (jobs: readonly StoredJob[], inputs: readonly Uint8Array[]) => void;
}

/** Turns an order into jobs that survive a crash from the moment this resolves. */
export type Intake = (
  caller: Caller,
  order: PreparedOrder,
  idempotency?: Idempotency,
) => Promise<readonly StoredJob[]>;

/** Gas of one submission at the usual price is a tenth of this. */
const GAS_RESERVE = 1_000n;

export function createIntake(parts: IntakeParts): Intake {
  const { chain, store, accounts, rateLimit, limits, params, onAccepted } = parts;

  const checkQueue = (keyId: string, count: number): void => {
    if (store.countWaiting() + count > limits.queuedJobs) {
      throw tooMany('queue_full', 'the queue is full; try again shortly', 5);
    }
    if (store.countWaiting(keyId) + count > limits.queuedJobsPerKey) {
      throw tooMany('queue_full', 'too many jobs of this key are waiting; try again shortly', 5);
    }
  };

  const checkRate = (keyId: string, count: number): void => {
    const waitS = rateLimit.take(keyId, count, Date.now());
    if (waitS > 0)
      throw tooMany('rate_limit_exceeded', `too many requests; wait ${waitS} s`, waitS);
  };

  const checkFunds = (requester: string, balance: bigint, cost: bigint): void => {
    const free = balance - store.waitingFees(requester);
    if (free >= cost) return;
    throw new ApiError({
      status: 402,
      type: 'insufficient_funds',
      code: 'insufficient_funds',
      message: `account ${requester} has ${free} ${chain.denom} free; this costs ${cost}`,
    });
  };

  return async (caller, order, idempotency) => {
    const repeated = idempotency && acceptedBefore(store, idempotency);
    if (repeated) return repeated;
    checkRate(caller.keyId, order.count);
    checkQueue(caller.keyId, order.count);
    const { address } = await accounts.signer(caller.account).catch((cause: unknown) => {
      throw withoutAccount(cause);
    });
    const [balance, { minDeadlineMs, maxDeadlineMs }] = await Promise.all([
      chain.query.balance(address, chain.denom),
      params(),
    ]);
    const deadlineMs = clamp(BigInt(limits.deadlineMs), minDeadlineMs, maxDeadlineMs);

    // From here to the end nothing waits, so no other request comes in between.
    const sameAgain = idempotency && acceptedBefore(store, idempotency);
    if (sameAgain) return sameAgain;
    checkQueue(caller.keyId, order.count);
    checkFunds(address, balance, BigInt(order.count) * (BigInt(order.model.min_fee) + GAS_RESERVE));
    const jobs = seedsOf(order.seed, order.count).map((seed) =>
      newJob(caller, order, { requester: address, seed, deadlineMs }),
    );
    store.accept(jobs, order.inputs, idempotency);
    onAccepted(jobs, order.inputs);
    return jobs;
  };
}

function newJob(
  { keyId, account }: Caller,
  order: PreparedOrder,
  { requester, seed, deadlineMs }: { requester: string; seed: bigint; deadlineMs: bigint },
): StoredJob {
  const request = jobRequest({
    requester,
    nonce: randomNonce(),
    model: order.model.id,
    committeeSize: order.committeeSize,
    fee: order.model.min_fee,
    deadlineMs,
    task: taskOf(order, seed),
  });
  return {
    id: toHex(jobIdOf(request)),
    keyId,
    account,
    request,
    createdAt: Date.now(),
    state: 'waiting',
    failure: undefined,
    settled: undefined,
  };
}

function acceptedBefore(store: JobStore, idempotency: Idempotency): StoredJob[] | undefined {
  try {
    return store.acceptedAs(idempotency);
  } catch (error) {
    if (!(error instanceof JobStoreError)) throw error;
    throw new ApiError({
      status: 422,
      type: 'invalid_request_error',
      code: 'idempotency_conflict',
      message: error.message,
    });
  }
}

function withoutAccount(cause: unknown): ApiError {
  const message = 'the account of this API key cannot be opened; its operator has to look';
  const failure = { status: 403, type: 'permission_error', code: 'account_missing' } as const;
  return new ApiError({ ...failure, message }, { cause });
}

function tooMany(code: string, message: string, retryAfterS: number): ApiError {
  return new ApiError({ status: 429, type: 'rate_limit_error', code, message, retryAfterS });
}

function clamp(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}
