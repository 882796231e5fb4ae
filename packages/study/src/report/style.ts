import { MEDIUM, SMALL } from './chart/plot.ts';
import type { Markup } from './markup.ts';

/**
 * The page's one style sheet. Colours are Okabe and Ito's, moved in lightness for contrast on light
 * and dark ground; each comes with a dash, a place or a name, so that none has to be told by colour
 * alone. On paper everything is light, and what is folded on the screen is open.
 */
export const STYLE: Markup = {
  source: `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fdfcf9, #141614);
  --well: light-dark(#f4f1ea, #1e211e);
  --ink: light-dark(#1d1f1c, #e8e6de);
  --muted: light-dark(#5a5d55, #a7aa9f);
  --line: light-dark(#e0dcd1, #333833);
  --edge: light-dark(#8a8a7e, #7c8279);
  --honest: light-dark(#0072b2, #56b4e9);
  --foe: light-dark(#c24e00, #f08a4b);
  --third: light-dark(#00795a, #3fc49c);
  --fourth: light-dark(#a34b82, #dd9bc0);
  --fifth: light-dark(#7d6200, #e0b03c);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, "DejaVu Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--serif); }
main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
header { padding: 4rem 0 0; }
footer { padding-bottom: 4rem; }
h1, h2, h3 { line-height: 1.2; font-weight: 600; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 4.5vw, 2.625rem); margin: 0 0 1rem; max-width: 22em; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 1rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.125rem; margin: 2rem 0 .5rem; }
p, ul, ol { max-width: 44rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
ul, ol { padding-left: 1.25rem; }
li { margin-bottom: .375rem; }
a { color: inherit; text-decoration-color: var(--edge); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentcolor; }
:focus-visible { outline: 2px solid var(--honest); outline-offset: 3px; }
.facts { font: .875rem/1.5 var(--sans); color: var(--muted); }
.more { font-family: var(--sans); font-size: .875rem; }
.abstract { font-size: 1.1875rem; }
nav { margin-top: 2rem; font: .9375rem/1.5 var(--sans); }
nav ol { max-width: none; columns: 15rem; margin: 0; }
nav li { margin: 0 0 .25rem; break-inside: avoid; }
code { font: .875em/1.5 var(--mono); overflow-wrap: anywhere; }
pre { max-width: 44rem; margin: 0 0 1rem; padding: .875rem 1rem; background: var(--well); border-radius: 4px; white-space: pre-wrap; }
footer pre { max-width: none; }
b.passes { color: var(--foe); font-weight: 600; }

figure { margin: 2rem 0; }
figcaption { max-width: 44rem; margin-top: .75rem; font: .875rem/1.5 var(--sans); color: var(--muted); }
figcaption b { color: var(--ink); }
.charts { display: flex; flex-wrap: wrap; gap: 1.5rem 1.25rem; }
.chart { display: block; max-width: 100%; height: auto; overflow: visible; }
.chart text { font: 11px var(--sans); fill: var(--muted); font-variant-numeric: tabular-nums; }
.chart .head { font-size: 12px; font-weight: 600; fill: var(--ink); }
.chart .figure { fill: var(--ink); }
.chart .name { fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.grid { stroke: var(--line); fill: none; }
.axis { stroke: var(--edge); fill: none; }
.rule { stroke: var(--ink); fill: none; stroke-width: 1.25; stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.bar { fill: none; stroke-width: 2; }
.cell { fill: var(--honest); }
.band { stroke: none; fill-opacity: .2; }
.line.honest, .bar.honest { stroke: var(--honest); }
.line.foe, .bar.foe { stroke: var(--foe); }
.line.third, .bar.third { stroke: var(--third); }
.line.fourth { stroke: var(--fourth); }
.line.fifth { stroke: var(--fifth); }
.line.neutral { stroke: var(--edge); stroke-width: 1; stroke-dasharray: 1 3; }
.line.honest ~ .line.foe { stroke-dasharray: 7 2; }
.line.third { stroke-dasharray: 2 2; }
.line.fourth { stroke-dasharray: 9 3 2 3; }
.line.fifth { stroke-dasharray: 4 4; }
.bars.honest, .band.honest, .dots.honest, .chart .name.honest { fill: var(--honest); }
.bars.foe, .band.foe, .dots.foe, .chart .name.foe { fill: var(--foe); }
.band.third, .dots.third, .chart .name.third { fill: var(--third); }
.chart .name.fourth { fill: var(--fourth); }
.chart .name.fifth { fill: var(--fifth); }
.dots.neutral { fill: var(--ink); }

.scroll { margin: 1.5rem 0; overflow-x: auto; }
table { border-collapse: collapse; font: .8125rem/1.4 var(--sans); font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .375rem .75rem .375rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { max-width: 9rem; vertical-align: bottom; color: var(--muted); border-bottom-color: var(--edge); }
th.figures, td.figures { text-align: right; }
tbody .words { min-width: 7rem; }
td.figures { white-space: nowrap; }
small { display: block; font-size: .75rem; color: var(--muted); }
tbody .words:last-child { min-width: 16rem; }
.share { display: block; width: 6rem; height: 4px; margin: .25rem 0 0 auto; background: var(--line); }
.share span { display: block; height: 100%; background: var(--foe); }
details { margin: .75rem 0; border-top: 1px solid var(--line); padding-top: .75rem; }
summary { font: .9375rem/1.5 var(--sans); cursor: pointer; width: fit-content; }
details[open] > summary { margin-bottom: 1rem; font-weight: 600; }

@page { size: A4; margin: 16mm 14mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; --well: #f4f4f2; }
  body { font-size: 10pt; line-height: 1.45; }
  main, footer { max-width: none; padding: 0; }
  header { padding: 0; }
  h1 { font-size: 22pt; }
  h2 { font-size: 14pt; margin-top: 2rem; }
  h2, h3, summary, caption { break-after: avoid; }
  .more { font-family: var(--sans); font-size: .875rem; }
.abstract { font-size: 11pt; }
  nav, .more { display: none; }
  p, ul, ol, figcaption { max-width: none; orphans: 3; widows: 3; }
  .chart, tr, pre, figcaption { break-inside: avoid; }
  figcaption { break-before: avoid; font-size: 9pt; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 6.5pt; line-height: 1.25; }
  small, td.figures small { font-size: 5.5pt; white-space: normal; }
  th, td { padding: .5mm 1.5mm .5mm 0; }
  thead th { overflow-wrap: break-word; }
  tbody .words, tbody .words:last-child { min-width: 0; }
  .share { width: 14mm; height: 1mm; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .charts { gap: 4mm 3mm; }
  .chart[width="${SMALL.width}"] { width: 43mm; }
  .chart[width="${MEDIUM.width}"] { width: 89mm; }
  #appendix { break-before: page; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  summary { font-weight: 600; list-style: none; }
  a { text-decoration: none; }
}
`,
};
