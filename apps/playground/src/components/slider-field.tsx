import { describedBy, Field, type FieldError } from './field.tsx';

interface SliderFieldProps {
  readonly param: string;
  readonly label: string;
  readonly error: FieldError | null;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

export function SliderField({ value, onChange, min, max, step, ...field }: SliderFieldProps) {
  return (
    <Field {...field} value={String(value)}>
      <input
        {...describedBy(field.param, field.error)}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </Field>
  );
}
