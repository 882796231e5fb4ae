import type { Chain } from '@semblance/client/chain';
import type { Model, Params } from '@semblance/proto/ml';
import type { ModelView } from '../views.ts';
import type { DescribedModel } from './manifests.ts';

/** The models of the chain, with the words that manifests have for them. */
export interface Catalog {
  /** In the chain's order; read again when older than a few seconds. */
  models(): Promise<readonly ModelView[]>;
  params(): Promise<Params>;
  /** A model as last read; job views must not wait for the chain. */
  known(id: string): ModelView | undefined;
}

const FRESH_MS = 5_000;

export function createCatalog(
  chain: Chain,
  manifests: ReadonlyMap<string, DescribedModel>,
): Catalog {
  let read: Promise<{ models: readonly ModelView[]; params: Params }> | undefined;
  let readAt = 0;
  let known: ReadonlyMap<string, ModelView> = new Map();

  const load = async () => {
    const [models, params] = await Promise.all([chain.query.models(), chain.query.params()]);
    const views = models.map((model) => modelView(model, params, manifests.get(model.id)));
    known = new Map(views.map((view) => [view.id, view]));
    return { models: views, params };
  };
  const fresh = () => {
    if (read && Date.now() - readAt < FRESH_MS) return read;
    const reading = load();
    read = reading;
    readAt = Date.now();
    reading.catch(() => {
      if (read === reading) read = undefined;
    });
    return reading;
  };
  return {
    models: async () => (await fresh()).models,
    params: async () => (await fresh()).params,
    known: (id) => known.get(id),
  };
}

/** The chain decides limits, profile and fee; a manifest adds what it does not hold. */
function modelView(model: Model, params: Params, described: DescribedModel | undefined): ModelView {
  const { limits, profile } = model;
  const view = {
    id: model.id,
    object: 'model',
    created: described?.created ?? 0,
    owned_by: model.owner,
    title: described?.manifest.title ?? model.id,
    limits: {
      size_multiple: limits?.sizeMultiple ?? 1,
      min_size: limits?.minSize ?? 0,
      max_size: limits?.maxSize ?? 0,
      max_steps: limits?.maxSteps ?? 0,
      schedulers: limits?.schedulers ?? [],
      modes: limits?.modes ?? [],
    },
    profile: {
      hash: profile?.hash ?? '',
      threshold_bits: profile?.thresholdBits ?? 0,
      committee_sizes: profile?.committeeSizes ?? [],
    },
    min_fee: greater(model.minFee, params.minJobFee),
    suggested_prompts: described?.manifest.suggestedPrompts ?? [],
  } as const;
  return { ...view, defaults: described?.manifest.defaults ?? usualDefaults(view.limits) };
}

function greater(a: string, b: string): string {
  return BigInt(a || '0') > BigInt(b || '0') ? a : b || '0';
}

const USUAL_STEPS = 20;
const USUAL_GUIDANCE = 4;

/** For a model that only the chain describes. */
function usualDefaults(limits: ModelView['limits']): ModelView['defaults'] {
  return {
    width: limits.max_size,
    height: limits.max_size,
    steps: Math.min(USUAL_STEPS, limits.max_steps),
    guidance: USUAL_GUIDANCE,
    scheduler: limits.schedulers[0] ?? '',
  };
}
