import type { KeyboardEvent } from 'react';
import { describedBy, Field, type FieldError } from './field.tsx';

interface PromptFieldProps {
  readonly value: string;
  readonly suggestions: readonly string[];
  readonly error: FieldError | null;
  readonly onChange: (prompt: string) => void;
  readonly onSubmit: () => void;
}

const CHIPS = 6;

function surpriseAmong(suggestions: readonly string[], current: string): string {
  const others = suggestions.filter((suggestion) => suggestion !== current);
  return others[Math.floor(Math.random() * others.length)] ?? current;
}

/** The prompt: Enter sends it, Shift and Enter breaks the line. */
export function PromptField(props: PromptFieldProps) {
  const { value, suggestions, error, onChange, onSubmit } = props;
  const submitByEnter = (event: KeyboardEvent) => {
    const { key, shiftKey, ctrlKey, metaKey, nativeEvent } = event;
    if (key !== 'Enter' || shiftKey || ctrlKey || metaKey || nativeEvent.isComposing) return;
    event.preventDefault();
    onSubmit();
  };
  return (
    <Field param="prompt" label="Picture" error={error}>
      <textarea
        {...describedBy('prompt', error)}
        className="prompt"
        data-testid="prompt"
        rows={3}
        value={value}
        placeholder="Say what to paint"
        enterKeyHint="send"
        onKeyDown={submitByEnter}
        onChange={(event) => onChange(event.target.value)}
      />
      {suggestions.length > 0 && (
        <fieldset className="chips">
          <legend className="unseen">Suggested prompts</legend>
          {suggestions.slice(0, CHIPS).map((suggestion) => (
            <button
              key={suggestion}
              type="button"
              className="chip"
              aria-pressed={suggestion === value}
              onClick={() => onChange(suggestion)}
            >
              {suggestion}
            </button>
          ))}
          <button
            type="button"
            className="chip chip-surprise"
            onClick={() => onChange(surpriseAmong(suggestions, value))}
          >
            Surprise me
          </button>
        </fieldset>
      )}
    </Field>
  );
}
