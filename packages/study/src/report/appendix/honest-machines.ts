import { HASH_NAMES, type HashName, type StudyResult } from '../../result.ts';
import { decimal } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { folded, moreCharts } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { outOf, rateCell } from '../rates.ts';
import { pairBars } from '../sections/honest-machines.ts';
import { figures, table, words } from '../table.ts';
import { spreadCells, spreadColumns } from './spreads.ts';

export function honestMachinesInFull(result: StudyResult): Markup[] {
  const { hash } = result.recommendation.profile;
  return [
    ...HASH_NAMES.filter((name) => name !== hash).map((name) =>
      moreCharts(`Distances of honest pairs, ${HASHES[name]}`, pairBars(result, name)),
    ),
    folded('Time, and agreement of honest pairs', [
      timeTable(result),
      meanTable(result),
      worstTable(result),
      ...HASH_NAMES.map((name) => withinTable(result, name)),
    ]),
    folded(
      'Distances of honest pairs',
      HASH_NAMES.flatMap((name) => [bitsTable(result, name), hexDigitsTable(result, name)]),
    ),
  ];
}

function timeTable({ profiles }: StudyResult): Markup {
  return table({
    caption: 'Time to make one picture, ms',
    columns: [words('profile'), ...spreadColumns('pictures')],
    rows: profiles.map((one) => [one.name, ...spreadCells(one.msPerPicture)]),
  });
}

function meanTable({ agreement }: StudyResult): Markup {
  return table({
    caption: 'Equal files and mean distances of pairs of profiles, in bits and in hex digits',
    columns: [
      words('pair'),
      figures('equal files'),
      ...HASH_NAMES.flatMap((hash) => [figures(`${HASHES[hash]}: bits`), figures('hex digits')]),
    ],
    rows: agreement.map(({ a, b, equalFiles, hashes }) => [
      pairName(a, b),
      rateCell(equalFiles),
      ...HASH_NAMES.flatMap((hash) => [
        decimal(hashes[hash].meanBits),
        decimal(hashes[hash].meanHexDigits),
      ]),
    ]),
  });
}

function withinTable({ agreement }: StudyResult, hash: HashName): Markup {
  const thresholds = Math.max(0, ...agreement.map((pair) => pair.hashes[hash].within.length));
  return table({
    caption: `Pairs of profiles that agree within a threshold in bits, ${HASHES[hash]}`,
    columns: [
      words('pair'),
      ...Array.from({ length: thresholds }, (_, threshold) => figures(String(threshold))),
    ],
    rows: agreement.map(({ a, b, hashes }) => [
      pairName(a, b),
      ...hashes[hash].within.map(rateCell),
    ]),
  });
}

function worstTable({ honest }: StudyResult): Markup {
  return table({
    caption: 'The pair of profiles that disagrees most at the threshold of 2 bits',
    columns: [words('hash'), words('pair'), figures('jobs'), figures('disagree')],
    rows: HASH_NAMES.map((hash) => {
      const { a, b, disagree } = honest[hash].worstPair;
      return [HASHES[hash], pairName(a, b), outOf(disagree), rateCell(disagree)];
    }),
  });
}

function bitsTable({ agreement }: StudyResult, hash: HashName): Markup {
  return histogramTable(
    `Honest pairs by distance in bits, ${HASHES[hash]}`,
    agreement.map(({ a, b, hashes }) => [pairName(a, b), hashes[hash].bits]),
  );
}

function hexDigitsTable({ agreement }: StudyResult, hash: HashName): Markup {
  return histogramTable(
    `Honest pairs by distance in hex digits, ${HASHES[hash]}`,
    agreement.map(({ a, b, hashes }) => [pairName(a, b), hashes[hash].hexDigits]),
  );
}

function pairName(a: string, b: string): string {
  return `${a} × ${b}`;
}
