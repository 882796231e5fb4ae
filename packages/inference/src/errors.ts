import { SemblanceError } from '@semblance/core/errors';

/** A model file is missing, is not the pinned one, or is not what its name says. */
export class ModelFileError extends SemblanceError<'MODEL_FILE', { file: string; reason: string }> {
  constructor(file: string, reason: string, options?: { cause?: unknown }) {
    super('MODEL_FILE', `${file}: ${reason}`, { file, reason }, options);
  }
}

/** The runtime could not load or run a model. */
export class RuntimeError extends SemblanceError<'RUNTIME', { runtime: string; reason: string }> {
  constructor(runtime: string, reason: string, options?: { cause?: unknown }) {
    super('RUNTIME', `${runtime}: ${reason}`, { runtime, reason }, options);
  }
}

/** A model put out NaN or infinity: no picture and no vote may come of it. */
export class NotFiniteError extends SemblanceError<
  'NOT_FINITE',
  { output: string; index: number }
> {
  constructor(output: string, index: number) {
    super('NOT_FINITE', `${output}[${index}] is not a finite number`, { output, index });
  }
}

/** The model cannot do what was asked for: a network is missing, or made for something else. */
export class UnsupportedModeError extends SemblanceError<
  'UNSUPPORTED_MODE',
  { mode: string; reason: string }
> {
  constructor(mode: string, reason: string) {
    super('UNSUPPORTED_MODE', `${mode}: ${reason}`, { mode, reason });
  }
}
