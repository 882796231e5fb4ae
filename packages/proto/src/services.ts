import {
  createRegistry,
  type DescFile,
  type DescMessage,
  type DescService,
  type Registry,
} from '@bufbuild/protobuf';
import { Query as AuthQuery } from './gen/cosmos/auth/v1beta1/query_pb.js';
import { file_cosmos_auth_v1beta1_tx } from './gen/cosmos/auth/v1beta1/tx_pb.js';
import { Query as BankQuery } from './gen/cosmos/bank/v1beta1/query_pb.js';
import { file_cosmos_bank_v1beta1_tx } from './gen/cosmos/bank/v1beta1/tx_pb.js';
import { Service as NodeService } from './gen/cosmos/base/node/v1beta1/query_pb.js';
import { Service as CometService } from './gen/cosmos/base/tendermint/v1beta1/query_pb.js';
import { file_cosmos_crypto_ed25519_keys } from './gen/cosmos/crypto/ed25519/keys_pb.js';
import { file_cosmos_crypto_multisig_keys } from './gen/cosmos/crypto/multisig/keys_pb.js';
import { file_cosmos_crypto_secp256k1_keys } from './gen/cosmos/crypto/secp256k1/keys_pb.js';
import { Query as DistributionQuery } from './gen/cosmos/distribution/v1beta1/query_pb.js';
import { file_cosmos_distribution_v1beta1_tx } from './gen/cosmos/distribution/v1beta1/tx_pb.js';
import { Query as GovQuery } from './gen/cosmos/gov/v1/query_pb.js';
import { file_cosmos_gov_v1_tx } from './gen/cosmos/gov/v1/tx_pb.js';
import { Query as SlashingQuery } from './gen/cosmos/slashing/v1beta1/query_pb.js';
import { file_cosmos_slashing_v1beta1_tx } from './gen/cosmos/slashing/v1beta1/tx_pb.js';
import { Query as StakingQuery } from './gen/cosmos/staking/v1beta1/query_pb.js';
import { file_cosmos_staking_v1beta1_tx } from './gen/cosmos/staking/v1beta1/tx_pb.js';
import { Service as TxService } from './gen/cosmos/tx/v1beta1/service_pb.js';
import { Query as UpgradeQuery } from './gen/cosmos/upgrade/v1beta1/query_pb.js';
import { file_cosmos_upgrade_v1beta1_tx } from './gen/cosmos/upgrade/v1beta1/tx_pb.js';
import { Query as MlQuery } from './gen/semblance/ml/v1/query_pb.js';
import { file_semblance_ml_v1_tx } from './gen/semblance/ml/v1/tx_pb.js';

/** What a client can ask of the chain: the Cosmos SDK's services, and our own module's. */
export const SERVICES: readonly DescService[] = [
  AuthQuery,
  BankQuery,
  CometService,
  DistributionQuery,
  GovQuery,
  MlQuery,
  NodeService,
  SlashingQuery,
  StakingQuery,
  TxService,
  UpgradeQuery,
];

/** Files of what comes inside an Any: transactions' messages and public keys. */
const IN_ANY: readonly DescFile[] = [
  file_cosmos_auth_v1beta1_tx,
  file_cosmos_bank_v1beta1_tx,
  file_cosmos_crypto_ed25519_keys,
  file_cosmos_crypto_multisig_keys,
  file_cosmos_crypto_secp256k1_keys,
  file_cosmos_distribution_v1beta1_tx,
  file_cosmos_gov_v1_tx,
  file_cosmos_slashing_v1beta1_tx,
  file_cosmos_staking_v1beta1_tx,
  file_cosmos_upgrade_v1beta1_tx,
  file_semblance_ml_v1_tx,
];

/** The files of all of these, and what they import. */
export const FILES: ReadonlySet<DescFile> = withImports([
  ...SERVICES.map(({ file }) => file),
  ...IN_ANY,
]);

/** Every message type that a request, an answer or an Any in one of them can hold. */
export const REGISTRY: Registry = createRegistry(...FILES);

/** The type that an Any names; undefined when it is none of ours. */
export function messageAt(typeUrl: string): DescMessage | undefined {
  return REGISTRY.getMessage(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
}

function withImports(roots: readonly DescFile[]): Set<DescFile> {
  const files = new Set(roots);
  for (const file of files) for (const imported of file.dependencies) files.add(imported);
  return files;
}
