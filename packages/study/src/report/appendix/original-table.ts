import type { StudyResult } from '../../result.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { table, words } from '../table.ts';
import { spreadCells, spreadColumns } from './spreads.ts';

export function originalTableInFull({ methods }: StudyResult): Markup[] {
  const times = table({
    caption: 'Time to hash one decoded picture, ms',
    columns: [words('hash'), ...spreadColumns('pictures')],
    rows: methods.map((one) => [HASHES[one.hash], ...spreadCells(one.msPerPicture)]),
  });
  return [folded('Time to hash', times)];
}
