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
  type TextToImage,
} from '@semblance/proto/ml';
import { jobId } from '@semblance/verification/commitment';
import { MAX_COMMITTEE } from '@semblance/verification/likeness';
import { RefusedError } from '../../../errors.ts';
import { event } from '../../../events.ts';
import { parseAddress } from '../../auth/address.ts';
import { MODULE_ACCOUNTS } from '../../auth/module-account.ts';
import { parseAmount } from '../../bank/coin.ts';
import { transferFeeCoin } from '../../bank/keeper.ts';
import { queueForDraw } from '../draw-queue.ts';
import { mlErrors } from '../errors.ts';
import { checkModelId, checkText } from '../fields.ts';
import { addJob, getJob } from '../jobs.ts';
import { limitsOf, profileOf, requireModel } from '../models.ts';
import { mlMessage } from './message.ts';

const MAX_GUIDANCE_MILLI = 30_000;

function requestIn({ request }: MsgSubmitJob): JobRequest {
  if (request === undefined) throw new InvalidInputError('request', 'missing');
  return request;
}

function taskIn({ task }: JobRequest): TextToImage {
  if (task.case !== 'textToImage') throw new InvalidInputError('task', 'missing');
  return task.value;
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
  validateTask(taskIn(request), params);
}

function validateTask(task: TextToImage, { maxPromptBytes, maxPixels }: Params): void {
  const { prompt, negativePrompt, steps, width, height, guidanceMilli } = task;
  checkText(prompt, maxPromptBytes, 'prompt');
  if (/^[ \t\n]*$/.test(prompt)) throw new InvalidInputError('prompt', 'empty');
  checkText(negativePrompt, maxPromptBytes, 'negative_prompt');
  if (steps === 0) throw new InvalidInputError('steps', 'zero');
  if (width === 0) throw new InvalidInputError('width', 'zero');
  if (height === 0) throw new InvalidInputError('height', 'zero');
  if (BigInt(width) * BigInt(height) > BigInt(maxPixels)) {
    throw new InvalidInputError('width', `times height is above ${maxPixels} pixels`);
  }
  if (guidanceMilli > MAX_GUIDANCE_MILLI) {
    throw new InvalidInputError('guidance_milli', `above ${MAX_GUIDANCE_MILLI}`);
  }
}

/** What the model it names asks of a request. */
function checkAgainstModel(request: JobRequest, model: Model): void {
  const { sizeMultiple, minSize, maxSize, maxSteps, schedulers } = limitsOf(model);
  const check = (isRight: boolean, field: string, reason: string) => {
    if (!isRight) throw new RefusedError(mlErrors.invalidField, `${field}: ${reason}`);
  };
  const { steps, scheduler, width, height } = taskIn(request);
  check(steps <= maxSteps, 'steps', `above ${maxSteps}`);
  check(schedulers.includes(scheduler), 'scheduler', `not among ${schedulers.join(', ')}`);
  for (const [field, side] of Object.entries({ width, height })) {
    check(side % sizeMultiple === 0, field, `not a multiple of ${sizeMultiple}`);
    check(side >= minSize && side <= maxSize, field, `not from ${minSize} to ${maxSize}`);
  }
  const { committeeSizes } = profileOf(model);
  const isSize = committeeSizes.includes(request.committeeSize);
  check(isSize, 'committee_size', `not among ${committeeSizes.join(', ')}`);
}

function checkFee({ fee }: JobRequest, model: Model, { minJobFee }: Params): void {
  const [a, b] = [BigInt(minJobFee), BigInt(model.minFee)];
  const least = a > b ? a : b;
  if (BigInt(fee) < least) {
    throw new RefusedError(mlErrors.feeTooLow, `fee: ${fee}, at least ${least}`);
  }
}

export const submitJob = mlMessage({
  schema: MsgSubmitJobSchema,
  response: MsgSubmitJobResponseSchema,
  signer: (message) => message.request?.requester ?? '',
  gas: ({ request }) => 60_000n + 10_000n * BigInt(request?.committeeSize ?? 0),

  validate(message, params) {
    const request = requestIn(message);
    parseAddress(params, request.requester, 'requester');
    validateRequest(request, params.ml);
  },

  handle(context, message) {
    const { state, block, params, events } = context;
    const request = requestIn(message);
    const model = requireModel(state, request.model, 'model');
    checkAgainstModel(request, model);
    checkFee(request, model, params.ml);
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
    const { requester: from, model: modelId, fee } = request;
    const attributes = { job_id: toHex(id), requester: from, model: modelId, fee };
    events.push(event('job_submitted', attributes));
    return { jobId: id };
  },
});
