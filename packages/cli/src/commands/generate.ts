import type { Command } from 'commander';
import { fileNameOf, makePicture } from '../make-picture.ts';
import {
  addPictureOptions,
  filesOf,
  given,
  number,
  orderOf,
  type PictureOptions,
} from '../picture-options.ts';

interface GenerateOptions extends PictureOptions {
  control?: string;
  controlScale?: number;
}

/** Has the network make a picture, and writes it when the nodes agree. */
export function addGenerateCommand(program: Command): void {
  const command = program
    .command('generate')
    .description('have the network make a picture, and write it when the nodes agree')
    .argument('<prompt>', 'what to show, e.g. "a photo of a shark"')
    .option('--control <file>', 'a picture whose lines to follow, white on black')
    .option('--control-scale <x>', 'how closely to follow them, from 0 to 2', number);
  addPictureOptions(command).action(async (prompt: string, options: GenerateOptions) => {
    const order = {
      ...orderOf(options),
      prompt,
      ...(await filesOf({ control_image: options.control })),
      ...given({ conditioning_scale: options.controlScale }),
    };
    await makePicture(order, options, ({ request }) => fileNameOf(prompt, request.seed));
  });
}
