import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from '@semblance/client/chain';
import { createKey, fromMnemonic, type Key } from '@semblance/client/keys';
import { readKeyFile, writeKeyFile } from '@semblance/client/keystore';
import { send } from '@semblance/client/messages';
import { InvalidInputError } from '@semblance/core/errors';
import { createApiKey, listApiKeys, revokeApiKey } from '@semblance/sequencer/api-keys';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { DENOM, GATEWAY_KEY, PREFIX } from '../network/found.ts';
import { type Layout, layout } from '../network/layout.ts';
import { print, printJson, sem, table } from '../terminal.ts';

interface KeyOptions {
  home: string;
  json?: true;
}

/** Chain accounts of this network, and the API keys that spend from them. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make and list accounts and API keys');
  const command = (name: string, description: string) =>
    keys
      .command(name)
      .description(description)
      .option('--home <folder>', 'where the network keeps its state', '.semblance')
      .option('--json', 'print one JSON value');

  command('list', 'list the accounts').action(async ({ home, json }: KeyOptions) => {
    const accounts = await listAccounts(layout(home));
    if (json) return printJson(accounts);
    print(table([['name', 'address'], ...accounts.map((a) => [a.name, a.address])], ''));
  });

  command('add <name>', 'make an account, or restore one from 12 or 24 words')
    .option('--recover', 'read the words from standard input')
    .action(async (name: string, options: KeyOptions & { recover?: true }) => {
      const key = options.recover
        ? await fromMnemonic(await text(process.stdin))
        : await createKey();
      const account = await addAccount(layout(options.home), name, key);
      if (options.json) return printJson(account);
      print(`${account.address}\n\nThe key is in ${account.file}; keep a copy of it safe.`);
    });

  command('fund <name> <sem>', "send SEM from the network's gateway account")
    .option('--rpc <url>', "the chain's RPC", 'http://127.0.0.1:26657')
    .action(async (name: string, amount: string, options: KeyOptions & { rpc: string }) => {
      const funded = await fund(layout(options.home), name, parseSem(amount), options.rpc);
      if (options.json) return printJson(funded);
      print(`${funded.address} has ${sem(funded.balance)} now`);
    });

  command(
    'api <name>',
    'make an API key that spends from an account; it is shown this once',
  ).action(async (name: string, options: KeyOptions) => {
    const paths = layout(options.home);
    const key = await readKeyFile(keyFile(paths, name));
    const created = await createApiKey(paths.sequencer, { account: name, key });
    if (options.json) return printJson(created);
    print(`${created.secret}\n\nIt is not shown again. Revoke it with: keys revoke ${created.id}`);
  });

  command('api-list', 'list the API keys, without their secrets').action(
    ({ home, json }: KeyOptions) => {
      const all = listApiKeys(layout(home).sequencer);
      if (json) return printJson(all);
      const rows = all.map((k) => [
        k.id,
        k.account,
        k.hint,
        k.revokedAt === null ? 'yes' : 'revoked',
      ]);
      print(table([['id', 'account', 'begins', 'works'], ...rows], ''));
    },
  );

  command('revoke <id>', 'make an API key open nothing from now on').action(
    (id: string, { home, json }: KeyOptions) => {
      revokeApiKey(layout(home).sequencer, id);
      if (json) printJson({ id, revoked: true });
      else print(`${id} opens nothing any more`);
    },
  );
}

async function listAccounts(paths: Layout): Promise<{ name: string; address: string }[]> {
  if (!existsSync(paths.keys)) {
    throw new CommandError('NO_NETWORK', `--home: no network in ${paths.home}`, EXIT.unreachable);
  }
  const names = readdirSync(paths.keys)
    .map((file) => basename(file, '.json'))
    .filter((name) => name !== 'validator')
    .sort();
  const addressOf = async (name: string) => (await readKeyFile(paths.key(name))).address(PREFIX);
  return Promise.all(names.map(async (name) => ({ name, address: await addressOf(name) })));
}

async function addAccount(paths: Layout, name: string, key: Key) {
  if (!/^[a-z][a-z0-9_-]{0,39}$/.test(name)) {
    throw new InvalidInputError('name', 'not a letter, then up to 39 letters, digits, - or _');
  }
  const file = paths.key(name);
  if (existsSync(file)) throw new InvalidInputError('name', `there is an account ${name} already`);
  await mkdir(paths.keys, { recursive: true, mode: 0o700 });
  await writeKeyFile(file, key);
  return { name, address: key.address(PREFIX), file };
}

async function fund(paths: Layout, name: string, amount: bigint, rpc: string) {
  const gateway = (await readKeyFile(keyFile(paths, GATEWAY_KEY))).signer(PREFIX);
  const address = (await readKeyFile(keyFile(paths, name))).address(PREFIX);
  const chain = await connect(rpc);
  try {
    const coins = [{ denom: DENOM, amount: String(amount) }];
    const balance = await chain.query.balance(gateway.address, DENOM);
    if (balance < amount)
      throw new InvalidInputError('sem', `the gateway has only ${sem(balance)}`);
    await chain.broadcast(gateway, [send(gateway.address, address, coins)]);
    return { address, balance: String(await chain.query.balance(address, DENOM)) };
  } finally {
    chain.close();
  }
}

function keyFile(paths: Layout, name: string): string {
  const file = paths.key(name);
  if (!existsSync(file)) throw new InvalidInputError('name', `no account ${name}; see keys list`);
  return file;
}

/** "1.5" is 1,500,000 usem. */
function parseSem(text: string): bigint {
  const match = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text);
  const [, whole = '0', fraction = ''] = match ?? [];
  const amount = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  if (amount === 0n) throw new InvalidInputError('sem', 'not an amount such as 10 or 0.5');
  return amount;
}
