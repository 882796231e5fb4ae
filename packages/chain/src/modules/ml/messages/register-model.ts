import { create } from '@bufbuild/protobuf';
import { InvalidInputError } from '@semblance/core/errors';
import {
  type Model,
  type ModelLimits,
  ModelSchema,
  MsgRegisterModelResponseSchema,
  MsgRegisterModelSchema,
  type VerificationProfile,
} from '@semblance/proto/ml';
import { MODES } from '@semblance/proto/task';
import { MAX_COMMITTEE } from '@semblance/verification/likeness';
import type { ChainParams } from '../../../chain-params.ts';
import type { Context } from '../../../context.ts';
import { RefusedError } from '../../../errors.ts';
import { parseAddress } from '../../auth/address.ts';
import { parseAmount } from '../../bank/coin.ts';
import { mlErrors } from '../errors.ts';
import { checkLength, checkModelId } from '../fields.ts';
import { getModel, setModel } from '../models.ts';
import { mlMessage } from './message.ts';

/** Hashes a profile may name, with their bits. */
const HASH_BITS = new Map([
  ['average', 64],
  ['perceptual', 64],
  ['difference', 64],
  ['color', 42],
]);
const SCHEDULERS: readonly string[] = ['ddim', 'euler', 'unipc'];
const KNOWN_MODES: readonly string[] = Object.values(MODES);
const MAX_SIDE = 4096;
const MAX_STEPS = 1000;

type Fields = Pick<Model, 'id' | 'owner' | 'weightsRoot' | 'profile' | 'limits' | 'minFee'>;

export function validateModel(model: Fields, params: ChainParams): void {
  parseAddress(params, model.owner, 'owner');
  checkModelId(model.id, 'id');
  checkLength(model.weightsRoot, 32, 'weights_root');
  parseAmount(model.minFee, 'min_fee');
  if (model.profile === undefined) throw new InvalidInputError('profile', 'missing');
  validateProfile(model.profile);
  if (model.limits === undefined) throw new InvalidInputError('limits', 'missing');
  validateLimits(model.limits);
}

function validateProfile({ hash, thresholdBits, committeeSizes }: VerificationProfile): void {
  const bits = HASH_BITS.get(hash);
  if (bits === undefined) throw new InvalidInputError('profile.hash', 'not a known hash');
  if (thresholdBits >= bits) {
    throw new InvalidInputError('profile.threshold_bits', `not below the hash's ${bits} bits`);
  }
  const isSize = (k: number) => k % 2 === 1 && k <= MAX_COMMITTEE;
  const isAscending = committeeSizes.every((k, i) => i === 0 || k > (committeeSizes[i - 1] ?? k));
  if (committeeSizes.length === 0 || !committeeSizes.every(isSize) || !isAscending) {
    throw new InvalidInputError('profile.committee_sizes', 'not odd, ascending and from 1 to 7');
  }
}

function validateLimits({
  sizeMultiple,
  minSize,
  maxSize,
  maxSteps,
  schedulers,
  modes,
}: ModelLimits): void {
  const check = (isRight: boolean, name: string, reason: string) => {
    if (!isRight) throw new InvalidInputError(`limits.${name}`, reason);
  };
  check(sizeMultiple >= 1 && sizeMultiple <= MAX_SIDE, 'size_multiple', 'not from 1 to 4096');
  check(
    minSize >= 1 && minSize % sizeMultiple === 0,
    'min_size',
    'not a multiple of size_multiple',
  );
  check(maxSize >= minSize && maxSize <= MAX_SIDE, 'max_size', 'not from min_size to 4096');
  check(maxSize % sizeMultiple === 0, 'max_size', 'not a multiple of size_multiple');
  check(maxSteps >= 1 && maxSteps <= MAX_STEPS, 'max_steps', 'not from 1 to 1000');
  for (const [name, given, known] of [
    ['schedulers', schedulers, SCHEDULERS],
    ['modes', modes, KNOWN_MODES],
  ] as const) {
    check(given.length > 0, name, 'empty');
    check(given.length === new Set(given).size, name, 'one is there twice');
    const areKnown = given.every((one) => known.includes(one));
    check(areKnown, name, `not among ${known.join(', ')}`);
  }
}

export function addModel({ state }: Context, model: Fields): void {
  if (getModel(state, model.id) !== undefined) {
    throw new RefusedError(mlErrors.modelExists, `id: ${model.id} is registered`);
  }
  const { id, owner, weightsRoot, profile, limits, minFee } = model;
  setModel(
    state,
    create(ModelSchema, {
      id,
      owner,
      weightsRoot,
      minFee,
      ...(profile && { profile }),
      ...(limits && { limits }),
    }),
  );
}

export const registerModel = mlMessage({
  schema: MsgRegisterModelSchema,
  response: MsgRegisterModelResponseSchema,
  signer: ({ owner }) => owner,
  gas: () => 100_000n,
  validate: validateModel,

  handle(context, message) {
    addModel(context, message);
    return {};
  },
});
