import { toHex } from '@semblance/core/bytes';
import { addressOf, ed25519Key } from '../ed25519.ts';
import { parseKeyFile, privateKeyJson, readOrCreate, readSeed } from '../key-file.ts';

/**
 * The id by which peers know a node, 40 hexadecimal digits, from its `node_key.json`. The file is
 * made if there is none.
 */
export function loadOrCreateNodeId(path: string): string {
  const text = readOrCreate(path, (seed) => ({ priv_key: privateKeyJson(seed) }));
  const seed = readSeed(parseKeyFile(text, 'node key').priv_key);
  return toHex(addressOf(ed25519Key(seed).publicKey));
}
