import { describedBy, Field, type FieldError } from './field.tsx';

interface SelectFieldProps {
  readonly param: string;
  readonly label: string;
  readonly error: FieldError | null;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string) => void;
}

export function SelectField({ param, label, error, value, options, onChange }: SelectFieldProps) {
  return (
    <Field param={param} label={label} error={error}>
      <select
        {...describedBy(param, error)}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Field>
  );
}
