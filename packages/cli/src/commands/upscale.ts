import { parse } from 'node:path';
import type { Command } from 'commander';
import { makePicture } from '../make-picture.ts';
import { addGatewayOptions } from '../options.ts';
import { filesOf, number, orderOf, type PictureOptions } from '../picture-options.ts';

/** Has the network enlarge a picture to twice its width and height. */
export function addUpscaleCommand(program: Command): void {
  const command = program
    .command('upscale')
    .description('have the network enlarge a picture to twice its width and height')
    .argument('<image>', 'a PNG, JPEG or WebP file')
    .option('--model <id>', "the model (default: the network's first)")
    .option('--size <WxH>', 'to fit the picture to first, e.g. 64x64 (default: its own)')
    .option('--committee <k>', 'how many nodes run it: 1, 3 or 5', number)
    .option('-o, --out <file>', 'where to write the PNG (default: named after the picture)');
  addGatewayOptions(command).action(async (image: string, options: PictureOptions) => {
    const files = await filesOf({ image });
    const order = { ...orderOf(options), mode: 'upscale' as const, ...files };
    await makePicture(order, options, () => `${parse(image).name}-2x.png`);
  });
}
