import type { ReactNode } from 'react';

/** What the sequencer said is wrong with one field. */
export interface FieldError {
  readonly param: string;
  readonly message: string;
}

interface FieldProps {
  /** The API's name of the field; errors find their place by it. */
  readonly param: string;
  readonly label: string;
  readonly error: FieldError | null;
  /** The value, where the control itself does not spell it out. */
  readonly value?: string;
  readonly children: ReactNode;
}

export function fieldId(param: string): string {
  return `field-${param}`;
}

/** ARIA attributes that tie a control to its message. */
export function describedBy(param: string, error: FieldError | null) {
  if (error?.param !== param) return { id: fieldId(param) };
  return {
    id: fieldId(param),
    'aria-invalid': true,
    'aria-describedby': `${fieldId(param)}-error`,
  } as const;
}

/** A labelled control with room for its message. */
export function Field({ param, label, error, value, children }: FieldProps) {
  return (
    <div className="field">
      <div className="field-head">
        <label htmlFor={fieldId(param)}>{label}</label>
        {value !== undefined && <output htmlFor={fieldId(param)}>{value}</output>}
      </div>
      {children}
      {error?.param === param && (
        <p className="field-error" id={`${fieldId(param)}-error`} role="alert" data-testid="error">
          {error.message}
        </p>
      )}
    </div>
  );
}
