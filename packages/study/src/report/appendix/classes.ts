import type { StudyResult } from '../../result.ts';
import { count } from '../figures.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { table, words } from '../table.ts';

export function classes({ plan }: StudyResult): Markup[] {
  const prompts = table({
    caption: 'Classes and their prompts',
    columns: [words('class'), words('prompt')],
    rows: plan.classes.map(({ name, prompt }) => [name, prompt]),
  });
  return [folded(`Classes and prompts (${count(plan.classes.length)})`, prompts)];
}
