import { invalidField } from '../errors.ts';
import { type Body, given } from '../jobs/fields.ts';

/** A picture's file, or the SHA-256 of one that the network knows, lower-case hex. */
export type PictureSource = { readonly file: Uint8Array } | { readonly sha256: string };

const KNOWN = /^sha256:([0-9a-f]{64})$/;
const DATA_URL = /^data:image\/[a-z0-9.+-]{1,32};base64,/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * A picture in a request: a file of a form; base64 or a data URL; or `sha256:` and the hash of a
 * file that a job delivered or began from. Throws ApiError naming the field.
 */
export function pictureField(body: Body, field: string): PictureSource {
  const value = given(body, field);
  if (value === undefined) throw invalidField(field, 'required', 'missing_required_parameter');
  if (value instanceof Uint8Array) return { file: value };
  if (typeof value !== 'string') throw invalidField(field, 'not a picture', 'invalid_type');
  const sha256 = KNOWN.exec(value)?.[1];
  if (sha256 !== undefined) return { sha256 };
  const base64 = value.replace(DATA_URL, '');
  if (!BASE64.test(base64)) throw invalidField(field, 'neither base64 nor sha256: and a hash');
  return { file: new Uint8Array(Buffer.from(base64, 'base64')) };
}
