import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadOrCreateValidatorKey, type ValidatorKey } from '../validator-key.ts';
import { configToml, type EngineConfig } from './config.ts';
import { loadOrCreateNodeId } from './node-key.ts';

/** Where a validator keeps what it knows: CometBFT's own layout, and the application beside it. */
export interface ValidatorHome {
  readonly home: string;
  readonly config: string;
  readonly genesis: string;
  readonly validatorKey: string;
  readonly nodeKey: string;
  /** What was signed last. Losing it, or using it twice, can make the validator sign twice. */
  readonly signState: string;
  /** Of the application. */
  readonly application: string;
  /** `unix://` address of the application's socket. */
  readonly socket: string;
  readonly engineLog: string;
}

export function validatorHome(home: string): ValidatorHome {
  const root = resolve(home);
  return {
    home: root,
    config: join(root, 'config', 'config.toml'),
    genesis: join(root, 'config', 'genesis.json'),
    validatorKey: join(root, 'config', 'priv_validator_key.json'),
    nodeKey: join(root, 'config', 'node_key.json'),
    signState: join(root, 'data', 'priv_validator_state.json'),
    application: join(root, 'application'),
    socket: `unix://${join(root, 'application', 'abci.sock')}`,
    engineLog: join(root, 'engine.log'),
  };
}

/** What others need to know of a node. */
export interface ValidatorIdentity {
  readonly key: ValidatorKey;
  /** 40 hexadecimal digits. */
  readonly nodeId: string;
}

/** Makes the keys of a home that has none, and the directories. */
export function makeIdentity(paths: ValidatorHome): ValidatorIdentity {
  for (const directory of ['config', 'data', 'application']) {
    mkdirSync(join(paths.home, directory), { recursive: true, mode: 0o700 });
  }
  // CometBFT wants it to be there. A key that is there already may have signed: it gets no new one.
  if (!existsSync(paths.validatorKey) && !existsSync(paths.signState)) {
    writeFileSync(paths.signState, '{"height":"0","round":0,"step":0}\n', { mode: 0o600 });
  }
  const key = loadOrCreateValidatorKey(paths.validatorKey);
  return { key, nodeId: loadOrCreateNodeId(paths.nodeKey) };
}

/** Writes `config.toml`; refuses to replace one that is there. */
export function writeConfig(paths: ValidatorHome, config: EngineConfig): void {
  writeFileSync(paths.config, configToml(config), { flag: 'wx' });
}
