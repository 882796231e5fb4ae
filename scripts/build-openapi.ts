import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { QUERIES } from '../packages/chain/src/queries.ts';
import { ANSWERED_HERE } from '../packages/consensus/src/api/api.ts';
import { openApiDocument } from '../packages/consensus/src/api/rest/openapi.ts';

/* The OpenAPI document that REST serves, of the methods that the application and the API answer. */

export const OPENAPI_FILE = fileURLToPath(
  new URL('../packages/consensus/src/api/rest/openapi.json', import.meta.url),
);

export function openApiText(): string {
  const document = openApiDocument(new Set([...QUERIES.keys(), ...ANSWERED_HERE.keys()]));
  return `${JSON.stringify(document, null, 1)}\n`;
}

if (import.meta.main) writeFileSync(OPENAPI_FILE, openApiText());
