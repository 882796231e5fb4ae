import { randomSeed } from '../draft.ts';
import { describedBy, Field, type FieldError } from './field.tsx';
import { DiceIcon, LockIcon, OpenLockIcon } from './icons.tsx';

interface SeedFieldProps {
  readonly seed: string;
  readonly locked: boolean;
  readonly error: FieldError | null;
  readonly onChange: (change: { seed?: string; seedLocked?: boolean }) => void;
}

/** The seed: typed, thrown, or locked. An unlocked seed is thrown again after each job. */
export function SeedField({ seed, locked, error, onChange }: SeedFieldProps) {
  const lockLabel = locked ? 'Locked: the seed stays' : 'Unlocked: a new seed after each job';
  return (
    <Field param="seed" label="Seed" error={error}>
      <div className="seed">
        <input
          {...describedBy('seed', error)}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          spellCheck={false}
          value={seed}
          onChange={(event) => onChange({ seed: event.target.value, seedLocked: true })}
        />
        <button
          type="button"
          className="icon-button"
          aria-label="Throw a new seed"
          title="Throw a new seed"
          onClick={() => onChange({ seed: randomSeed() })}
        >
          <DiceIcon />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Keep this seed"
          aria-pressed={locked}
          title={lockLabel}
          onClick={() => onChange({ seedLocked: !locked })}
        >
          {locked ? <LockIcon /> : <OpenLockIcon />}
        </button>
      </div>
    </Field>
  );
}
