import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';

/*
 * Checks of single fields, shared by the messages and genesis. Each throws InvalidInputError with
 * the field's name in the .proto.
 */

const MAX_MODELS_PER_NODE = 64;
const MODEL_ID = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;
const ENDPOINT = /^https?:\/\/[\x21-\x7e]{1,240}$/;
const LABEL = /^[\x20-\x7e]{0,128}$/;

export function checkModelId(id: string, field: string): void {
  if (!MODEL_ID.test(id)) {
    throw new InvalidInputError(
      field,
      'not 1 to 64 lower-case letters, digits, dots, dashes or underscores',
    );
  }
}

/** Model ids of a node: some, each once. */
export function checkModelIds(ids: readonly string[], field: string): void {
  if (ids.length === 0) throw new InvalidInputError(field, 'empty');
  if (ids.length > MAX_MODELS_PER_NODE) throw new InvalidInputError(field, 'more than 64');
  if (new Set(ids).size !== ids.length) throw new InvalidInputError(field, 'one is there twice');
  for (const id of ids) checkModelId(id, field);
}

/** Where artifacts are served, or nothing. */
export function checkEndpoint(endpoint: string, field: string): void {
  if (endpoint !== '' && !ENDPOINT.test(endpoint)) {
    throw new InvalidInputError(field, 'not an http or https address of at most 248 characters');
  }
}

/** A free label in printable ASCII. */
export function checkLabel(label: string, field: string): void {
  if (!LABEL.test(label)) {
    throw new InvalidInputError(field, 'not at most 128 printable ASCII characters');
  }
}

/** Free text of a request: bounded, and no control characters but tab and line feed. */
export function checkText(text: string, maxBytes: number, field: string): void {
  const bytes = fromUtf8(text).length;
  if (bytes > maxBytes) throw new InvalidInputError(field, `${bytes} bytes, at most ${maxBytes}`);
  if (!text.isWellFormed()) throw new InvalidInputError(field, 'not valid UTF-8');
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isControl = (code < 0x20 && code !== 0x09 && code !== 0x0a) || isC1(code);
    if (isControl) throw new InvalidInputError(field, 'has control characters');
  }
}

/** Delete and the C1 control characters. */
function isC1(code: number): boolean {
  return code >= 0x7f && code <= 0x9f;
}

export function checkLength(bytes: Uint8Array, length: number, field: string): void {
  if (bytes.length !== length) {
    throw new InvalidInputError(field, `${bytes.length} bytes, not ${length}`);
  }
}
