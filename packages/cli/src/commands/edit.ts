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

interface EditOptions extends PictureOptions {
  mask?: string;
  strength?: number;
}

/** Has the network change a picture: all of it, or what a mask leaves open. */
export function addEditCommand(program: Command): void {
  const command = program
    .command('edit')
    .description('have the network change a picture: all of it, or where a mask is')
    .argument('<image>', 'a PNG, JPEG or WebP file')
    .argument('<prompt>', 'what to show, e.g. "a photo of a panda"')
    .option('--mask <file>', 'where to paint: transparent, or white in a mask without transparency')
    .option('--strength <x>', 'how far from the picture, above 0 and up to 1', number);
  addPictureOptions(command).action(async (image: string, prompt: string, options: EditOptions) => {
    const order = {
      ...orderOf(options),
      prompt,
      mode: options.mask === undefined ? ('image_to_image' as const) : ('inpaint' as const),
      ...(await filesOf({ image, mask: options.mask })),
      ...given({ strength: options.strength }),
    };
    await makePicture(order, options, ({ request }) => fileNameOf(prompt, request.seed));
  });
}
