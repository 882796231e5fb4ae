import type { StudyResult } from '../result.ts';
import { count } from './figures.ts';
import { type Markup, markup } from './markup.ts';
import { abstract } from './sections/abstract.ts';
import { adversaries } from './sections/adversaries.ts';
import { honestMachines } from './sections/honest-machines.ts';
import { majority } from './sections/majority.ts';
import { limits, machine, method } from './sections/method.ts';
import { originalTable } from './sections/original-table.ts';
import { otherPictures } from './sections/other-pictures.ts';
import { recommendation } from './sections/recommendation.ts';
import { spotCheck } from './sections/spot-check.ts';
import { STYLE } from './style.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: (result: StudyResult) => Markup;
}

const SECTIONS: readonly Section[] = [
  { id: 'honest', title: 'Honest machines', content: honestMachines },
  { id: 'others', title: 'Pictures of other jobs', content: otherPictures },
  { id: 'majority', title: 'Majority', content: majority },
  { id: 'adversaries', title: 'Adversaries', content: adversaries },
  { id: 'spot-check', title: 'Spot check', content: spotCheck },
  { id: 'recommendation', title: 'Recommended profile', content: recommendation },
  { id: 'original', title: "The original's table", content: originalTable },
  { id: 'method', title: 'Method', content: method },
  { id: 'limits', title: 'Limits', content: limits },
  { id: 'machine', title: 'Machine and versions', content: machine },
];

/**
 * The study as one HTML page that needs nothing beside it: no network, no script, no font. It is
 * well-formed XML too. The same result gives the same bytes.
 */
export function renderReport(result: StudyResult): string {
  const { model, plan, run } = result;
  const title = `Likeness of honest and dishonest machines: ${model.title}`;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
<p class="facts">${count(run.pictures)} pictures · ${count(plan.profiles.length)} honest profiles · ${count(plan.adversaries.length)} adversaries · ${run.finishedAt.slice(0, 10)} · plan <code>${plan.id.slice(0, 12)}</code></p>
</header>
<section id="abstract"><h2>Abstract</h2>
${abstract(result)}</section>
<nav aria-label="Contents"><ol>${SECTIONS.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
${SECTIONS.map(
  ({ id, title: name, content }, i) => markup`<section id="${id}"><h2>${i + 1}. ${name}</h2>
${content(result)}</section>
`,
)}</main>
<footer>
<h2>Reproduce</h2>
<pre><code>${run.command}</code></pre>
</footer>
</body>
</html>
`.source;
}
