import { create, toBinary } from '@bufbuild/protobuf';
import { toHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import {
  JobPhase,
  type JobRequest,
  JobRequestSchema,
  JobSchema,
  type Model,
  type MsgSubmitJob,
  MsgSubmitJobResponseSchema,
  MsgSubmitJobSchema,
  type Params,
} from '@semblance/proto/ml';
import { inputsOf } from '@semblance/proto/task';
import { jobId } from '@semblance/verification/commitment';
import { MAX_COMMITTEE } from '@semblance/verification/likeness';
import type { ChainEvent } from '../../../application.ts';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseAmount } from '../../bank/coin.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { queueForDraw } from '../draw-queue.ts';
import { mlErrors } from '../errors.ts';
import { checkModelId } from '../fields.ts';
import { checkPictures, setInputs, validateInputs } from '../inputs.ts';
import { addJob, getJob } from '../jobs.ts';
import { limitsOf, profileOf, requireModel } from '../models.ts';
import { checkTaskAgainstLimits, taskOf, validateTask } from '../tasks.ts';
import { mlMessage } from './message.ts';

/** To decode an input and to keep it while the job is open. */
const GAS_PER_INPUT = 20_000n;
const GAS_PER_INPUT_BYTE = 3n;

function requestIn({ request }: MsgSubmitJob): JobRequest {
  if (request === undefined) throw new InvalidInputError('request', 'missing');
  return request;
}

/** What holds for the requests of every model. */
function validateRequest(request: JobRequest, params: Params): void {
  checkModelId(request.model, 'model');
  const { committeeSize, deadlineMs } = request;
  if (committeeSize % 2 !== 1 || committeeSize > MAX_COMMITTEE) {
    throw new InvalidInputError('committee_size', 'not odd and from 1 to 7');
  }
  parseAmount(request.fee, 'fee');
  if (deadlineMs < params.minDeadlineMs || deadlineMs > params.maxDeadlineMs) {
    const range = `${params.minDeadlineMs} to ${params.maxDeadlineMs}`;
    throw new InvalidInputError('deadline_ms', `not from ${range}`);
  }
  validateTask(taskOf(request), params);
}

/** What the model it names asks of a request. */
function checkAgainstModel(request: JobRequest, model: Model): void {
  checkTaskAgainstLimits(taskOf(request), limitsOf(model));
  const { committeeSizes } = profileOf(model);
  if (!committeeSizes.includes(request.committeeSize)) {
    const reason = `not among ${committeeSizes.join(', ')}`;
    throw new RefusedError(mlErrors.invalidField, `committee_size: ${reason}`);
  }
}

function checkFee({ fee }: JobRequest, model: Model, { minJobFee }: Params): void {
  const [a, b] = [BigInt(minJobFee), BigInt(model.minFee)];
  const least = a > b ? a : b;
  if (BigInt(fee) < least) {
    throw new RefusedError(mlErrors.feeTooLow, `fee: ${fee}, at least ${least}`);
  }
}

const addInputGas = (sum: bigint, file: Uint8Array): bigint =>
  sum + GAS_PER_INPUT + GAS_PER_INPUT_BYTE * BigInt(file.length);

/** Inputs are named too, so that a file can be found by its hash in the block that brought it. */
function submitted(jobId: string, request: JobRequest): ChainEvent {
  const { requester, model, fee } = request;
  const { type, attributes } = event('job_submitted', { job_id: jobId, requester, model, fee });
  const inputs = inputsOf(taskOf(request)).map(({ sha256 }) => ({
    key: 'input_sha256',
    value: toHex(sha256),
  }));
  return { type, attributes: [...attributes, ...inputs] };
}

export const submitJob = mlMessage({
  schema: MsgSubmitJobSchema,
  response: MsgSubmitJobResponseSchema,
  signer: (message) => message.request?.requester ?? '',
  gas: ({ request, inputs }) =>
    60_000n + 10_000n * BigInt(request?.committeeSize ?? 0) + inputs.reduce(addInputGas, 0n),

  validate(message, params) {
    const request = requestIn(message);
    parseAddress(params, request.requester, 'requester');
    validateRequest(request, params.ml);
    validateInputs(taskOf(request), message.inputs, params.ml);
  },

  handle(context, message) {
    const { state, block, params, events } = context;
    const request = requestIn(message);
    const model = requireModel(state, request.model, 'model');
    checkAgainstModel(request, model);
    checkFee(request, model, params.ml);
    checkPictures(taskOf(request), message.inputs);
    const id = jobId(toBinary(JobRequestSchema, request));
    if (getJob(state, id) !== undefined) {
      throw new RefusedError(mlErrors.jobExists, `nonce: job ${toHex(id)} was submitted`);
    }
    const requester = parseAddress(params, request.requester, 'requester');
    transferFeeCoin(context, requester, MODULE_ACCOUNTS.escrow, BigInt(request.fee));
    const job = create(JobSchema, {
      id,
      request,
      phase: JobPhase.COMMIT,
      submittedHeight: block.height,
      submittedAt: block.timeMs,
      commitDeadline: block.timeMs + request.deadlineMs,
    });
    queueForDraw(state, addJob(state, job));
    setInputs(state, id, message.inputs);
    events.push(submitted(toHex(id), request));
    return { jobId: id };
  },
});
