import { decodeImage } from '../decode.ts';
import type { ControlRequest } from '../request.ts';
import type { Session } from '../runtimes/runtime.ts';
import { controlResiduals } from './control-residuals.ts';
import { toUnitPlanes } from './pixels.ts';
import type { GenerateOptions, Trajectory } from './trajectory.ts';
import { fromNoise, type Model, type Plan, walk } from './walk.ts';

/** A picture from words that follows the lines of another: noise, walked whole under control. */
export async function control(
  model: Model,
  network: Session,
  request: ControlRequest,
  options: GenerateOptions,
): Promise<Trajectory> {
  const planes = toUnitPlanes(await decodeImage('image', request.image, request));
  const residuals = controlResiduals(network, planes, request, request.conditioningScale);
  const plan: Plan = {
    skipped: 0,
    begin: async (ground) => ({ ...fromNoise(ground), conditions: { residuals } }),
  };
  return walk(model, request, plan, options);
}
