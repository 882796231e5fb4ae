import { PROFILES } from '@semblance/inference/profiles';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type AddedNode, addNode } from '../../network/add-node.ts';
import { type AddedValidator, addValidator } from '../../network/add-validator.ts';
import { VALIDATOR_STAKE } from '../../network/found.ts';
import { partName } from '../../network/plan.ts';
import { sem } from '../../terminal.ts';
import { type ChangeCommandOptions, runChange } from './change.ts';
import { NETWORK_HOME } from './init.ts';

interface AddOptions extends ChangeCommandOptions {
  payer?: string;
}

interface ValidatorOptions extends AddOptions {
  stake: bigint;
}

interface NodeOptions extends AddOptions {
  profile?: string;
}

export function addNetworkAddCommand(network: Command): void {
  const add = network.command('add').description('add a validator or a node to a running network');
  const command = (name: string, description: string) =>
    add
      .command(name)
      .description(description)
      .argument('[name]', `default: the next of the usual ones, as ${name}-7`, partName)
      .option('--home <folder>', "the host's folder, over which network start runs", NETWORK_HOME)
      .option('--payer <file>', "key file of who gives it its coins (default: the gateway's)")
      .option('--json', 'print one JSON value');

  command('validator', 'make a validator, let it follow the chain, stake for it, wait for its vote')
    .addOption(
      new Option('--stake <sem>', 'what it stakes; 1 SEM is 1 of power')
        .argParser(wholeSem)
        .default(VALIDATOR_STAKE, String(VALIDATOR_STAKE / 1_000_000n)),
    )
    .action((name: string | undefined, options: ValidatorOptions) =>
      runChange(options, (change) => addValidator({ ...options, ...change, name }), validatorAdded),
    );

  command('node', 'make a node, give it its coins, start it and wait until it has staked')
    .addOption(
      new Option('--profile <name>', 'how it computes (default: the next in turn)').choices(
        PROFILES.map(({ name }) => name),
      ),
    )
    .action((name: string | undefined, options: NodeOptions) =>
      runChange(options, (change) => addNode({ ...options, ...change, name }), nodeAdded),
    );
}

function validatorAdded({ name, power, height }: AddedValidator): string {
  return `${name} is a validator with power ${power}; block ${height} has its vote`;
}

function nodeAdded({ name, profile, stake }: AddedNode): string {
  return `${name} computes as ${profile} with ${sem(stake)} at stake`;
}

/** In base units. */
function wholeSem(text: string): bigint {
  if (/^[1-9]\d{0,11}$/.test(text)) return BigInt(text) * 1_000_000n;
  throw new InvalidArgumentError('Not a whole number of SEM from 1.');
}
