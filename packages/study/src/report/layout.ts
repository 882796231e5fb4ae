import { type Markup, markup } from './markup.ts';

interface Figure {
  /** In the order of the report. */
  readonly number: number;
  /** What to see, in a sentence; then how to read it. */
  readonly caption: Markup;
  readonly charts: readonly Markup[];
}

/** Charts beside each other, as many as the page has room for, and what they show below. */
export function figure({ number, caption, charts }: Figure): Markup {
  return markup`<figure id="figure-${number}"><div class="charts">${charts}</div><figcaption><b>Figure ${number}.</b> ${caption}</figcaption></figure>
`;
}

/** Numbers behind a chart and charts of lesser weight: folded on the screen, open on paper. */
export function folded(summary: string, content: Markup | readonly Markup[]): Markup {
  return markup`<details><summary>${summary}</summary>
${content}</details>
`;
}

/** More charts of a kind that was shown already. */
export function moreCharts(summary: string, charts: readonly Markup[]): Markup {
  return folded(summary, markup`<div class="charts">${charts}</div>`);
}
