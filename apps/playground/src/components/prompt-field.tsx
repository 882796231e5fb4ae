import { describedBy, Field, type FieldError } from './field.tsx';

interface PromptFieldProps {
  readonly value: string;
  readonly suggestions: readonly string[];
  readonly error: FieldError | null;
  readonly onChange: (prompt: string) => void;
}

const CHIPS = 6;

function surpriseAmong(suggestions: readonly string[], current: string): string {
  const others = suggestions.filter((suggestion) => suggestion !== current);
  return others[Math.floor(Math.random() * others.length)] ?? current;
}

export function PromptField({ value, suggestions, error, onChange }: PromptFieldProps) {
  return (
    <Field param="prompt" label="Picture" error={error}>
      <textarea
        {...describedBy('prompt', error)}
        className="prompt"
        data-testid="prompt"
        rows={3}
        value={value}
        placeholder="Say what to paint"
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
