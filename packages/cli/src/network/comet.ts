/* What a validator says of its chain, over CometBFT's RPC. */

const TIMEOUT_MS = 5_000;

export interface ValidatorStatus {
  readonly height: number;
  /** Hexadecimal, upper case. */
  readonly address: string;
  readonly isCatchingUp: boolean;
}

export async function statusOf(rpcUrl: string): Promise<ValidatorStatus> {
  const { sync_info: sync, validator_info: validator } = await ask<{
    sync_info: { latest_block_height: string; catching_up: boolean };
    validator_info: { address: string };
  }>(rpcUrl, '/status');
  return {
    height: Number(sync.latest_block_height),
    address: validator.address,
    isCatchingUp: sync.catching_up,
  };
}

/** The hash of the state after a block, as this validator's own application computed it. */
export async function appHashAt(rpcUrl: string, height: number): Promise<string> {
  const results = await ask<{ app_hash: string }>(rpcUrl, `/block_results?height=${height}`);
  return results.app_hash;
}

/** Addresses of those whose votes for the block before stand in a block. */
export async function signersIn(rpcUrl: string, height: number): Promise<string[]> {
  const { block } = await ask<{
    block: { last_commit: { signatures: { block_id_flag: number; validator_address: string }[] } };
  }>(rpcUrl, `/block?height=${height}`);
  return block.last_commit.signatures
    .filter(({ block_id_flag: flag }) => flag === FOR_THE_BLOCK)
    .map(({ validator_address: address }) => address);
}

/** Powers of the validators that vote on the next block, by address. */
export async function powersAt(rpcUrl: string): Promise<Map<string, bigint>> {
  const powers = new Map<string, bigint>();
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { validators, total } = await ask<{
      validators: { address: string; voting_power: string }[];
      total: string;
    }>(rpcUrl, `/validators?page=${page}&per_page=${PER_PAGE}`);
    for (const { address, voting_power: power } of validators) powers.set(address, BigInt(power));
    if (page * PER_PAGE >= Number(total)) break;
  }
  return powers;
}

/** CometBFT gives no more at once, and the chain chooses 1000 at most. */
const PER_PAGE = 100;
const MAX_PAGES = 10;

/** `BLOCK_ID_FLAG_COMMIT` */
const FOR_THE_BLOCK = 2;

async function ask<T>(rpcUrl: string, path: string): Promise<T> {
  const response = await fetch(`${rpcUrl}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  const { result, error } = (await response.json()) as { result?: T; error?: unknown };
  if (result === undefined) throw new Error(`${path}: ${JSON.stringify(error)}`);
  return result;
}
