import { HASH_NAMES, type HashName, type StudyResult } from '../../result.ts';
import { bits, decimal } from '../figures.ts';
import { histogramTable } from '../histogram-table.ts';
import { folded, moreCharts } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { outOf, rateAt, rateCell } from '../rates.ts';
import { pairBars } from '../sections/honest-machines.ts';
import { figures, table, words } from '../table.ts';

export function honestMachinesInFull(result: StudyResult): Markup[] {
  const { hash } = result.recommendation.profile;
  return [
    ...HASH_NAMES.filter((name) => name !== hash).map((name) =>
      moreCharts(`Distances of honest pairs, ${HASHES[name]}`, pairBars(result, name)),
    ),
    folded('Agreement of honest pairs', [agreementTable(result), worstTable(result)]),
    folded(
      'Distances of honest pairs',
      HASH_NAMES.flatMap((name) => [bitsTable(result, name), hexDigitsTable(result, name)]),
    ),
  ];
}

function agreementTable({ agreement, recommendation }: StudyResult): Markup {
  const { thresholdBits } = recommendation.profile;
  return table({
    caption: `Pairs of profiles: equal files, mean distance in bits, and agreement within ${bits(thresholdBits)}`,
    columns: [
      words('pair'),
      figures('equal files'),
      ...HASH_NAMES.flatMap((hash) => [
        figures(`${HASHES[hash]}: mean`),
        figures(`within ${thresholdBits}`),
      ]),
    ],
    rows: agreement.map(({ a, b, equalFiles, hashes }) => [
      pairName(a, b),
      rateCell(equalFiles),
      ...HASH_NAMES.flatMap((hash) => [
        decimal(hashes[hash].meanBits),
        rateCell(rateAt(hashes[hash].within, thresholdBits)),
      ]),
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
