import { existsSync } from 'node:fs';
import type { Chain } from '@semblance/client/chain';
import type { Key } from '@semblance/client/keys';
import { readKeyFile } from '@semblance/client/keystore';
import { send } from '@semblance/client/messages';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { sem } from '../terminal.ts';
import { GATEWAY_KEY, PREFIX } from './found.ts';
import type { Layout } from './layout.ts';

/** Who gives a newcomer its first coins: the key in a file, else the gateway's, on the host that has it. */
export async function payerOf(paths: Layout, file: string | undefined): Promise<Key> {
  if (file === undefined && !existsSync(paths.key(GATEWAY_KEY))) {
    const message =
      '--payer: the gateway, which would pay, has its key on another host; name a key file';
    throw new CommandError('NO_PAYER', message, EXIT.usage);
  }
  const path = file ?? paths.key(GATEWAY_KEY);
  if (existsSync(path)) return readKeyFile(path);
  throw new CommandError('NO_PAYER', `--payer: ${path}: no such file`, EXIT.unreachable);
}

/** Throws CommandError TOO_POOR if the account cannot give so much. */
export async function requireFunds(chain: Chain, payer: Key, amount: bigint): Promise<void> {
  const balance = await chain.query.balance(payer.address(PREFIX), chain.denom);
  if (balance >= amount) return;
  const message = `--payer: has ${sem(balance)}, and ${sem(amount)} are needed`;
  throw new CommandError('TOO_POOR', message, EXIT.usage);
}

/** Sees to it that an account has at least so much. Returns what was sent. */
export async function fundUpTo(
  chain: Chain,
  payer: Key,
  address: string,
  amount: bigint,
  signal: AbortSignal,
): Promise<bigint> {
  const missing = amount - (await chain.query.balance(address, chain.denom));
  if (missing <= 0n) return 0n;
  const signer = payer.signer(PREFIX);
  const coins = [{ denom: chain.denom, amount: String(missing) }];
  await chain.broadcast(signer, [send(signer.address, address, coins)], { signal });
  return missing;
}
