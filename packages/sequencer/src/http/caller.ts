import type { Context } from 'hono';
import { LOCAL_ACCOUNT } from '../accounts/keystore.ts';
import { ApiError } from '../errors.ts';
import type { Caller } from '../jobs/intake.ts';
import type { Services } from './services.ts';

/** The public key of a loopback server, for clients that insist on sending one. */
const LOCAL_KEYS: readonly string[] = ['local', 'sem-local'];
const LOCAL: Caller = { keyId: LOCAL_ACCOUNT, account: LOCAL_ACCOUNT };
const MAX_KEY = 256;

/** Who asks. Throws ApiError when the key opens nothing or none is given where one is needed. */
export function callerOf(c: Context, services: Pick<Services, 'apiKeys' | 'localKey'>): Caller {
  const caller = optionalCallerOf(c, services);
  if (caller) return caller;
  throw unauthorized('missing_api_key', 'an API key is needed: Authorization: Bearer sem-...');
}

/** The same where everybody may ask; undefined for nobody in particular. */
export function optionalCallerOf(
  c: Context,
  { apiKeys, localKey }: Pick<Services, 'apiKeys' | 'localKey'>,
): Caller | undefined {
  const header = c.req.header('authorization');
  if (header === undefined) return localKey === 'open' ? LOCAL : undefined;
  const secret = /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
  if (localKey === 'open' && LOCAL_KEYS.includes(secret)) return LOCAL;
  const key = secret.length <= MAX_KEY ? apiKeys.find(secret) : undefined;
  if (!key) throw unauthorized('invalid_api_key', 'the API key is unknown or was revoked');
  return { keyId: key.id, account: key.account };
}

function unauthorized(code: string, message: string): ApiError {
  return new ApiError({ status: 401, type: 'authentication_error', code, message });
}
