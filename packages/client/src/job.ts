import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type JobRequest, JobRequestSchema } from '@semblance/proto/ml';
import { jobId } from '@semblance/verification/commitment';

/** A job request with every field set, defaults for those not given. */
export function jobRequest(fields: MessageInitShape<typeof JobRequestSchema>): JobRequest {
  return create(JobRequestSchema, fields);
}

/**
 * The request's deterministic protobuf encoding: fields in ascending order, defaults omitted,
 * unknown fields dropped. What the job id commits to.
 */
export function encodeJobRequest(request: JobRequest): Uint8Array {
  return toBinary(JobRequestSchema, request, { writeUnknownFields: false });
}

/** The id the chain will give the job, 32 bytes, known before it is submitted. */
export function jobIdOf(request: JobRequest): Uint8Array {
  return jobId(encodeJobRequest(request));
}

/** A nonce that makes equal requests of one requester different jobs: 64 random bits. */
export function randomNonce(): bigint {
  return crypto.getRandomValues(new BigUint64Array(1))[0] as bigint;
}
