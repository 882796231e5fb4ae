import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { RefusedError, submitJob } from '../api.ts';
import { asError } from '../as-error.ts';
import { type Draft, draftFor, randomSeed } from '../draft.ts';
import type { Model } from '../model.ts';
import { capitalised } from '../number-words.ts';
import { jobHref } from '../route.ts';
import { AdvancedSettings } from './advanced-settings.tsx';
import { Amount } from './amount.tsx';
import { ControlField } from './control-field.tsx';
import { CurlExample } from './curl-example.tsx';
import { type FieldError, fieldId } from './field.tsx';
import { PromptField } from './prompt-field.tsx';
import { SeedField } from './seed-field.tsx';
import { SelectField } from './select-field.tsx';

interface ComposerProps {
  readonly models: readonly Model[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const SETTINGS = [
  'committee_size',
  'size',
  'steps',
  'guidance_scale',
  'scheduler',
  'negative_prompt',
];
const FIELDS = new Set(['model', 'prompt', 'seed', ...SETTINGS]);

function fieldErrorOf(error: Error): FieldError | null {
  const param = error instanceof RefusedError ? error.details.param : null;
  if (param === null || !FIELDS.has(param)) return null;
  // Beside its field, the message need not name it again.
  return { param, message: capitalised(error.message.replace(`${param}: `, '')) };
}

/** Writes a request, sends it and leads to its job. */
export function Composer({ models, draft, onChange }: ComposerProps) {
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const model = models.find(({ id }) => id === draft.model) ?? models[0];
  const fieldError = failure && fieldErrorOf(failure);

  useEffect(() => {
    if (fieldError !== null) document.getElementById(fieldId(fieldError.param))?.focus();
  }, [fieldError]);

  if (model === undefined) return null;

  const change = (part: Partial<Draft>) => {
    setFailure(null);
    onChange({ ...draft, ...part });
  };
  const chooseModel = (id: string) => {
    const chosen = models.find((candidate) => candidate.id === id);
    if (chosen !== undefined) onChange(draftFor(chosen, draft.prompt));
  };
  const send = async () => {
    if (sending) return;
    setSending(true);
    setFailure(null);
    try {
      const job = await submitJob(draft);
      window.location.hash = jobHref(job.id);
      if (!draft.seedLocked) onChange({ ...draft, seed: randomSeed() });
    } catch (thrown) {
      const error = asError(thrown);
      if (SETTINGS.includes(fieldErrorOf(error)?.param ?? '')) setSettingsOpen(true);
      setFailure(error);
    } finally {
      setSending(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  const submitByKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send();
  };

  return (
    // The shortcut works from every field of the form.
    <form className="composer" aria-label="New picture" onSubmit={submit} onKeyDown={submitByKey}>
      <PromptField
        value={draft.prompt}
        suggestions={model.suggestedPrompts}
        error={fieldError}
        onChange={(prompt) => change({ prompt })}
        onSubmit={() => void send()}
      />
      <SelectField
        param="model"
        label="Model"
        error={fieldError}
        value={model.id}
        options={models.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={chooseModel}
      />
      <SeedField seed={draft.seed} locked={draft.seedLocked} error={fieldError} onChange={change} />
      <details
        className="fold"
        open={settingsOpen}
        onToggle={(event) => setSettingsOpen(event.currentTarget.open)}
      >
        <summary>
          Settings
          <span className="fold-digest">
            {draft.committeeSize} nodes · {draft.steps} steps · {draft.size} px
          </span>
        </summary>
        <AdvancedSettings model={model} draft={draft} error={fieldError} onChange={change} />
      </details>
      {model.limits.modes.includes('control') && (
        <details className="fold" data-testid="control">
          <summary>
            Follow a shape
            <span className="fold-digest">{draft.control === null ? 'none' : 'yes'}</span>
          </summary>
          <ControlField
            control={draft.control}
            side={draft.size}
            error={fieldError}
            onChange={(control) => change({ control })}
          />
        </details>
      )}
      {failure !== null && fieldError === null && (
        <p className="form-error" role="alert" data-testid="error">
          {failure.message}
        </p>
      )}
      <div className="send">
        <button
          type="submit"
          className="button button-main"
          data-testid="submit"
          disabled={sending}
        >
          {sending ? 'Sending' : 'Paint it'}
          <span className="shortcut" aria-hidden="true">
            ↵
          </span>
        </button>
        <p className="send-fee">
          Fee <Amount usem={model.minFee} />, in escrow until the verdict
        </p>
      </div>
      <CurlExample draft={draft} />
    </form>
  );
}
