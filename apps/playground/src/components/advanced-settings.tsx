import type { Draft } from '../draft.ts';
import { type Model, sizesOf } from '../model.ts';
import { describedBy, Field, type FieldError } from './field.tsx';
import { SelectField } from './select-field.tsx';
import { SliderField } from './slider-field.tsx';

interface AdvancedSettingsProps {
  readonly model: Model;
  readonly draft: Draft;
  readonly error: FieldError | null;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** Beyond this, pictures burn out; the API takes more, and an old request may have asked for it. */
const USUAL_GUIDANCE = 15;

export function AdvancedSettings({ model, draft, error, onChange }: AdvancedSettingsProps) {
  return (
    <div className="advanced">
      <SelectField
        param="committee_size"
        label="Committee"
        error={error}
        value={String(draft.committeeSize)}
        options={model.profile.committeeSizes.map((size) => ({
          value: String(size),
          label: size === 1 ? '1 node, unchecked' : `${size} nodes`,
        }))}
        onChange={(size) => onChange({ committeeSize: Number(size) })}
      />
      <SelectField
        param="size"
        label="Size"
        error={error}
        value={String(draft.size)}
        options={sizesOf(model).map((size) => ({
          value: String(size),
          label: `${size} × ${size}`,
        }))}
        onChange={(size) => onChange({ size: Number(size) })}
      />
      <SliderField
        param="steps"
        label="Steps"
        error={error}
        value={draft.steps}
        min={1}
        max={model.limits.maxSteps}
        step={1}
        onChange={(steps) => onChange({ steps })}
      />
      <SliderField
        param="guidance_scale"
        label="Guidance"
        error={error}
        value={draft.guidance}
        min={0}
        max={Math.max(USUAL_GUIDANCE, draft.guidance)}
        step={0.5}
        onChange={(guidance) => onChange({ guidance })}
      />
      <SelectField
        param="scheduler"
        label="Scheduler"
        error={error}
        value={draft.scheduler}
        options={model.limits.schedulers.map((name) => ({ value: name, label: name }))}
        onChange={(scheduler) => onChange({ scheduler })}
      />
      <Field param="negative_prompt" label="Keep out of the picture" error={error}>
        <input
          {...describedBy('negative_prompt', error)}
          type="text"
          value={draft.negativePrompt}
          placeholder="Nothing"
          onChange={(event) => onChange({ negativePrompt: event.target.value })}
        />
      </Field>
    </div>
  );
}
