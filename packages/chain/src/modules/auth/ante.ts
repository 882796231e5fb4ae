import { equals } from '@semblance/core/bytes';
import type { AuthInfo } from 'cosmjs-types/cosmos/tx/v1beta1/tx';
import type { Context } from '../../context.ts';
import { RefusedError, sdkErrors } from '../../errors.ts';
import { event } from '../../events.ts';
import { GAS, type GasMeter } from '../../gas.ts';
import type { DecodedTx } from '../../tx/decode.ts';
import { type Coin, formatCoins, parseCoins } from '../bank/coin.ts';
import { transfer } from '../bank/keeper.ts';
import type { Account } from './account.ts';
import { formatAddress, parseAddress } from './address.ts';
import { getAccount, setAccount } from './keeper.ts';
import { MODULE_ACCOUNTS } from './module-account.ts';
import { decodePubKey } from './pub-key.ts';
import { ownerOf } from './secp256k1.ts';
import type { VerifySigner } from './signers.ts';

type SignerInfo = AuthInfo['signerInfos'][number];

/** Everything that must hold before a transaction's messages run; takes the fee. Else refuses. */
export function runAnte(
  context: Context,
  tx: DecodedTx,
  meter: GasMeter,
  verify: VerifySigner,
): void {
  requireBlockRoom(context, meter);
  const signers = prepare(context, tx, meter);
  deductFee(context, tx, signers);
  for (const [i, address] of signers.entries()) {
    const account = authenticate(context, tx, i, requireAccount(context, address), verify);
    setAccount(context.state, { ...account, sequence: account.sequence + 1n });
  }
}

/** What wants more gas than a whole block has would wait for ever. */
function requireBlockRoom({ params: { maxBlockGas } }: Context, { limit }: GasMeter): void {
  if (maxBlockGas < 0n || limit <= maxBlockGas) return;
  throw new RefusedError(
    sdkErrors.outOfGas,
    `tx gas limit ${limit} exceeds block max gas ${maxBlockGas}`,
  );
}

/** The same for an estimate of gas: no fee, no signature, no key and any sequence. */
export function simulateAnte(context: Context, tx: DecodedTx, meter: GasMeter): void {
  for (const address of prepare(context, tx, meter)) requireAccount(context, address);
}

/** Checks that need no account, and the gas for carrying the transaction. */
function prepare(context: Context, tx: DecodedTx, meter: GasMeter): Uint8Array[] {
  const { timeoutHeight } = tx.body;
  if (timeoutHeight > 0n && context.block.height > timeoutHeight) {
    throw new RefusedError(
      sdkErrors.txTimeoutHeight,
      `block height: ${context.block.height}, timeout height: ${timeoutHeight}`,
    );
  }
  const signers = signersOf(context, tx);
  meter.consume(GAS.transaction, 'transaction');
  meter.consume(GAS.bodyByte * BigInt(tx.bodyBytes.length), 'txSize');
  meter.consume(GAS.signature * BigInt(signers.length), 'ante verify: secp256k1');
  return signers;
}

/** Addresses of the messages' signers in the order of their first message, each once. */
function signersOf({ params }: Context, tx: DecodedTx): Uint8Array[] {
  const texts = [...new Set(tx.messages.map((message) => message.signer))];
  if (texts.length !== tx.authInfo.signerInfos.length) {
    throw new RefusedError(
      sdkErrors.unauthorized,
      `wrong number of signers; expected ${texts.length}, got ${tx.authInfo.signerInfos.length}`,
    );
  }
  return texts.map((text) => parseAddress(params, text, 'signer'));
}

function deductFee(context: Context, tx: DecodedTx, signers: readonly Uint8Array[]): void {
  const payer = signers[0] as Uint8Array;
  const payerText = formatAddress(context.params, payer);
  const fee = tx.authInfo.fee;
  if (fee?.granter || (fee?.payer && fee.payer !== payerText)) {
    throw new RefusedError(sdkErrors.unauthorized, 'fee: only the first signer may pay');
  }
  const coins = parseCoins(fee?.amount ?? [], 'fee');
  requireFee(context, coins, fee?.gasLimit ?? 0n);
  requireAccount(context, payer);
  if (coins.length > 0) transfer(context, payer, MODULE_ACCOUNTS.feeCollector, coins);
  context.events.push(event('tx', { fee: formatCoins(coins), fee_payer: payerText }));
}

function requireFee({ params }: Context, coins: readonly Coin[], gasLimit: bigint): void {
  const { bondDenom } = params.ml;
  const least = (gasLimit * params.minGasPriceMilli + 999n) / 1000n;
  const paid = coins[0]?.amount ?? 0n;
  const isOtherCoin = coins.some(({ denom }) => denom !== bondDenom);
  if (isOtherCoin || paid < least) {
    throw new RefusedError(
      sdkErrors.insufficientFee,
      `insufficient fees; got: ${formatCoins(coins)} required: ${least}${bondDenom}`,
    );
  }
}

function requireAccount({ state, params }: Context, address: Uint8Array): Account {
  const account = getAccount(state, address);
  if (account !== undefined) return account;
  throw new RefusedError(
    sdkErrors.unknownAddress,
    `account ${formatAddress(params, address)} does not exist`,
  );
}

/** The account with its key, once its signature is found good. */
function authenticate(
  { params: { chainId } }: Context,
  tx: DecodedTx,
  index: number,
  account: Account,
  verify: VerifySigner,
): Account {
  const info = tx.authInfo.signerInfos[index] as SignerInfo;
  const { number, sequence } = account;
  if (info.sequence !== sequence) {
    throw new RefusedError(
      sdkErrors.wrongSequence,
      `account sequence mismatch, expected ${sequence}, got ${info.sequence}`,
    );
  }
  const pubKey = publicKey(info, account);
  const signer = { chainId, accountNumber: number, sequence, publicKey: pubKey };
  if (!verify(tx, index, signer)) {
    throw new RefusedError(
      sdkErrors.unauthorized,
      `signature verification failed; please verify account number (${number}), ` +
        `sequence (${sequence}) and chain-id (${chainId})`,
    );
  }
  return { ...account, pubKey };
}

/** The key in the transaction, or the account's when there is none; it must own the address. */
function publicKey(info: SignerInfo, account: Account): Uint8Array {
  const given = info.publicKey && decodePubKey(info.publicKey);
  const known = account.pubKey;
  if (given === undefined) {
    if (known !== undefined) return known;
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey: missing and not on the account');
  }
  if (known !== undefined && equals(known, given)) return known;
  const owner = ownerOf(given);
  if (owner === undefined) {
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey: not a point of the curve');
  }
  if (!equals(owner, account.address)) {
    throw new RefusedError(sdkErrors.invalidPubKey, 'pubkey does not match the signer address');
  }
  return given;
}
