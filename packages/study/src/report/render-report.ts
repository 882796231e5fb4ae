import type { StudyResult } from '../result.ts';
import { adversariesInFull } from './appendix/adversaries.ts';
import { classes } from './appendix/classes.ts';
import { honestMachinesInFull } from './appendix/honest-machines.ts';
import { majorityInFull } from './appendix/majority.ts';
import { originalTableInFull } from './appendix/original-table.ts';
import { otherPicturesInFull } from './appendix/other-pictures.ts';
import { recommendationInFull } from './appendix/recommendation.ts';
import { spotCheckInFull } from './appendix/spot-check.ts';
import { count } from './figures.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { abstract } from './sections/abstract.ts';
import { adversaries } from './sections/adversaries.ts';
import { honestMachines } from './sections/honest-machines.ts';
import { likenessFails } from './sections/likeness-fails.ts';
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
  /** Every number behind it, and its charts for the hashes that are not recommended. */
  readonly inFull?: (result: StudyResult) => readonly Markup[];
}

const SECTIONS: readonly Section[] = [
  { id: 'likeness-fails', title: 'Where likeness alone fails', content: likenessFails },
  {
    id: 'honest',
    title: 'Honest machines',
    content: honestMachines,
    inFull: honestMachinesInFull,
  },
  {
    id: 'others',
    title: 'Pictures of other jobs',
    content: otherPictures,
    inFull: otherPicturesInFull,
  },
  { id: 'majority', title: 'Majority', content: majority, inFull: majorityInFull },
  { id: 'adversaries', title: 'Adversaries', content: adversaries, inFull: adversariesInFull },
  { id: 'spot-check', title: 'Spot check', content: spotCheck, inFull: spotCheckInFull },
  {
    id: 'recommendation',
    title: 'Recommended profile',
    content: recommendation,
    inFull: recommendationInFull,
  },
  {
    id: 'original',
    title: "The original's table",
    content: originalTable,
    inFull: originalTableInFull,
  },
  { id: 'method', title: 'Method', content: method, inFull: classes },
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
${contents()}
${SECTIONS.map((section, i) => numbered(section, i + 1, result))}${appendix(result)}</main>
<footer>
<h2>Reproduce</h2>
<pre><code>${run.command}</code></pre>
</footer>
</body>
</html>
`.source;
}

function contents(): Markup {
  const links = SECTIONS.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  return markup`<nav aria-label="Contents"><ol>${links}<li><a href="#appendix">Appendix: every number</a></li></ol></nav>`;
}

function numbered({ id, title, content, inFull }: Section, number: number, result: StudyResult) {
  const more = inFull
    ? markup`<p class="more"><a href="#${id}-in-full">Every number of this section</a></p>`
    : NOTHING;
  return markup`<section id="${id}"><h2>${number}. ${title}</h2>${content(result)}
${more}</section>
`;
}

function appendix(result: StudyResult): Markup {
  const parts = SECTIONS.map(({ id, title, inFull }) =>
    inFull
      ? markup`<section id="${id}-in-full"><h3>${title}</h3>${inFull(result)}</section>`
      : NOTHING,
  );
  return markup`<section id="appendix"><h2>Appendix: every number</h2>${parts}</section>
`;
}
