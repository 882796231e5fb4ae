import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { fromUtf8 } from '@semblance/core/bytes';
import {
  type Model,
  type ModelLimits,
  ModelSchema,
  type VerificationProfile,
} from '@semblance/proto/ml';
import { ApplicationError, RefusedError } from '../../errors.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { mlErrors } from './errors.ts';

/** Models are registered once and never change, so that a profile holds for every open job. */
const modelKey = (id: string) => keyOf(PREFIX.mlModel, fromUtf8(id));

export function getModel(state: Reader, id: string): Model | undefined {
  const bytes = state.get(modelKey(id));
  return bytes && fromBinary(ModelSchema, bytes);
}

export function setModel(state: State, model: Model): void {
  state.set(modelKey(model.id), toBinary(ModelSchema, model));
}

/** All models by ascending id. */
export function allModels(state: Reader): Model[] {
  const entries = state.range(...keysUnder(keyOf(PREFIX.mlModel)));
  return Array.from(entries, ([, value]) => fromBinary(ModelSchema, value));
}

export function requireModel(state: Reader, id: string, field: string): Model {
  const model = getModel(state, id);
  if (model === undefined) {
    throw new RefusedError(mlErrors.unknownModel, `${field}: no model ${id}`);
  }
  return model;
}

/** A stored model has a profile. */
export function profileOf({ id, profile }: Model): VerificationProfile {
  if (profile !== undefined) return profile;
  throw new ApplicationError('CORRUPT_STATE', `model ${id} has no profile`, {});
}

/** A stored model has limits. */
export function limitsOf({ id, limits }: Model): ModelLimits {
  if (limits !== undefined) return limits;
  throw new ApplicationError('CORRUPT_STATE', `model ${id} has no limits`, {});
}
