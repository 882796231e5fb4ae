import { hashesOf } from '@semblance/study/hashes-of';
import type { Command } from 'commander';
import { readImage } from '../image-file.ts';
import { print, printJson, table } from '../terminal.ts';

/** The four perceptual hashes of image files, as Python's imagehash prints them. */
export function addHashCommand(program: Command): void {
  program
    .command('hash')
    .description('print the perceptual hashes of image files')
    .argument('<file...>', 'JPEG, PNG or WebP files')
    .option('--json', 'print one JSON array')
    .action(async (files: string[], options: { json?: true }) => {
      const rows = [];
      for (const file of files) rows.push({ file, ...hashesOf(await readImage(file)) });
      if (options.json) return printJson(rows);
      const heading = ['average', 'perceptual', 'difference', 'colour', 'file'];
      const cells = rows.map((r) => [r.average, r.perceptual, r.difference, r.color, r.file]);
      print(table([heading, ...cells], ''));
    });
}
