import { equals, fromUtf8, toHex } from '@semblance/core/bytes';
import { sha256 } from '@semblance/core/sha256';
import { consensusHash, validatorsHash } from '../block/roots.ts';
import { ConsensusError } from '../errors.ts';
import type { GenesisDocument, GenesisJson, GenesisValidator } from '../genesis.ts';
import type { BlockStore } from '../store/block-store.ts';
import type { ValidatorKey } from '../validator-key.ts';
import type { ChainConstants } from './make-block.ts';

/** The genesis' one validator, which must be the holder of `key`: nobody else will vote. */
export function soleValidator(genesis: GenesisDocument, key: ValidatorKey): GenesisValidator {
  const [validator] = genesis.validators;
  if (
    validator === undefined ||
    genesis.validators.length > 1 ||
    !equals(validator.publicKey, key.publicKey)
  ) {
    const address = toHex(key.address);
    const message = `the genesis' only validator must be ${address}`;
    throw new ConsensusError('NOT_THE_VALIDATOR', message, { address });
  }
  return validator;
}

export function constantsOf(genesis: GenesisDocument, { power }: GenesisValidator): ChainConstants {
  return {
    power,
    chainId: genesis.chainId,
    appVersion: genesis.appVersion,
    validatorsHash: validatorsHash(genesis.validators),
    consensusHash: consensusHash(genesis.block),
    genesisTimeMs: genesis.timeMs,
  };
}

/** Ties a home to the genesis it started with; refuses another one later. */
export function pinGenesis(blocks: BlockStore, genesis: GenesisJson): void {
  const digest = sha256(fromUtf8(JSON.stringify(genesis)));
  const pinned = blocks.genesisDigest();
  if (pinned === undefined) {
    blocks.writeGenesisDigest(digest);
  } else if (!equals(pinned, digest)) {
    throw new ConsensusError('GENESIS_MISMATCH', 'this home began with another genesis', {
      chainId: genesis.chain_id,
    });
  }
}
