import { existsSync } from 'node:fs';
import { validatorHome } from '@semblance/consensus/cometbft/home';
import {
  exportGenesis,
  type GenesisExport,
  writeExportedGenesis,
} from '@semblance/consensus/export-genesis';
import { readGenesis } from '@semblance/consensus/genesis';
import { EXIT } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { layout } from '../../network/layout.ts';
import { makeFolderOf } from '../../output-file.ts';
import { print, printJson } from '../../terminal.ts';

export interface ExportOptions {
  home: string;
  chainId?: string;
  out: string;
  json?: true;
}

/** Writes a genesis that goes on with the whole state of a chain that stands. */
export async function exportChain({ home, chainId, out, json }: ExportOptions): Promise<void> {
  if (existsSync(out)) {
    throw new CommandError('CANNOT_WRITE', `--out: ${out} is there already`, EXIT.usage);
  }
  await makeFolderOf(out);
  const genesis = await exportGenesis({ ...chainIn(home), chainId });
  writeExportedGenesis(out, genesis);
  const told = {
    file: out,
    chain_id: genesis.chain_id,
    initial_height: genesis.initial_height,
    genesis_time: genesis.genesis_time,
    validators: genesis.validators.length,
  };
  if (json) return printJson(told);
  print(`${told.chain_id} goes on at height ${told.initial_height} from ${told.genesis_time}`);
  print(`validators  ${told.validators}`);
  print(`genesis     ${told.file}`);
}

/** The state of a validator under CometBFT, or of the embedded network in a folder. */
function chainIn(home: string): GenesisExport {
  const validator = validatorHome(home);
  if (existsSync(validator.genesis)) {
    return { home: validator.application, genesis: readGenesis(validator.genesis) };
  }
  const embedded = layout(home);
  if (existsSync(embedded.chain) && existsSync(embedded.genesis)) {
    return { home: embedded.chain, genesis: readGenesis(embedded.genesis), keepSigner: true };
  }
  const hint = existsSync(embedded.plan) ? `; its validators are in ${home}/validators` : '';
  throw new CommandError('NO_GENESIS', `--home: no chain in ${embedded.home}${hint}`, EXIT.usage);
}
