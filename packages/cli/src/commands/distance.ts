import { fromHex } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { hammingDistance } from '@semblance/perceptual-hash/hamming';
import { hashesOf } from '@semblance/study/hashes-of';
import type { Command } from 'commander';
import { readImage } from '../image-file.ts';
import { counted, print, printJson, table } from '../terminal.ts';

/** Hamming distances in bits between two image files, or between two hashes given in hex. */
export function addDistanceCommand(program: Command): void {
  program
    .command('distance')
    .description('print the Hamming distance, in bits, between two images or two hex hashes')
    .argument('<a>', 'image file or hash in hex')
    .argument('<b>', 'image file or hash in hex')
    .option('--json', 'print one JSON object')
    .action(async (a: string, b: string, options: { json?: true }) => {
      if (isHash(a) && isHash(b)) {
        const bits = hashDistance(a, b);
        return options.json ? printJson({ hash: bits }) : print(counted(bits, 'bit'));
      }
      const distances = await fileDistances(a, b);
      if (options.json) return printJson(distances);
      const { color: colour, ...others } = distances;
      const rows = Object.entries({ ...others, colour });
      const cells = rows.map(([hash, bits]) => [hash, counted(bits, 'bit')]);
      print(table([['hash', 'distance'], ...cells], ''));
    });
}

function isHash(text: string): boolean {
  return /^[0-9a-fA-F]{12,64}$/.test(text);
}

function hashDistance(a: string, b: string): number {
  if (a.length !== b.length) throw new InvalidInputError('b', `not as long as a (${a.length} hex)`);
  return hammingDistance(fromHex(a, 'a'), fromHex(b, 'b'));
}

async function fileDistances(a: string, b: string) {
  const [first, second] = [hashesOf(await readImage(a)), hashesOf(await readImage(b))];
  const bits = (kind: keyof typeof first) =>
    hammingDistance(fromHex(first[kind]), fromHex(second[kind]));
  return {
    average: bits('average'),
    perceptual: bits('perceptual'),
    difference: bits('difference'),
    color: bits('color'),
  };
}
