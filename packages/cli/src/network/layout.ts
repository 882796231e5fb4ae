import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout: models and the built page are found from here. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

/** The models that ship with the repository. */
export const MODELS = join(REPOSITORY, 'models');

/** Where a local network keeps what it knows. Deleting the folder forgets everything. */
export interface Layout {
  readonly home: string;
  readonly genesis: string;
  readonly chain: string;
  readonly sequencer: string;
  readonly images: string;
  readonly logs: string;
  readonly keys: string;
  readonly validatorKey: string;
  /** What runs on this host of a network of many. */
  readonly plan: string;
  /** A folder of the same layout for each part that was taken out of the network. */
  readonly removed: string;
  node(name: string): string;
  validator(name: string): string;
  key(name: string): string;
}

export function layout(home: string): Layout {
  const root = resolve(home);
  return {
    home: root,
    genesis: join(root, 'genesis.json'),
    chain: join(root, 'chain'),
    sequencer: join(root, 'sequencer'),
    images: join(root, 'images'),
    logs: join(root, 'logs'),
    keys: join(root, 'keys'),
    validatorKey: join(root, 'keys', 'validator.json'),
    plan: join(root, 'network.json'),
    removed: join(root, 'removed'),
    node: (name) => join(root, 'nodes', name),
    validator: (name) => join(root, 'validators', name),
    key: (name) => join(root, 'keys', `${name}.json`),
  };
}
