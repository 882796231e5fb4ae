import type { PixelCheckResult, Spread, StepDistances, StudyResult } from '../../result.ts';
import { count, decimal, percent } from '../figures.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';
import { spreadCells, spreadColumns } from './spreads.ts';

export function spotCheckInFull(result: StudyResult): Markup[] {
  const { pairs, honestByStep, adversaries, pixels } = result.spotCheck;
  return [
    folded('Replayed steps', [
      toleranceTable(result),
      ...PAIR_FIGURES.map(([name, of]) =>
        pairTable(`Honest steps of each pair of profiles: ${name} relative L2`, pairs, of),
      ),
      stepTable('Honest steps over all pairs of profiles: relative L2 by step', honestByStep),
      ...adversaries.map((one) =>
        stepTable(`Forged steps of ${one.name}: relative L2 by step`, one.byStep),
      ),
    ]),
    folded('Chances of detection, and decoded pixels', [
      detectionTable(result),
      pixelTable(pixels),
    ]),
  ];
}

const PAIR_FIGURES: readonly (readonly [string, (spread: Spread) => number])[] = [
  ['least', (one) => one.min],
  ['median', (one) => one.median],
  ['mean', (one) => one.mean],
  ['95th percentile of', (one) => one.p95],
  ['greatest', (one) => one.max],
];

/** One of the figures of every pair's spread, by step. */
function pairTable(
  caption: string,
  pairs: readonly StepDistances[],
  of: (spread: Spread) => number,
): Markup {
  const steps = Math.max(0, ...pairs.map((one) => one.byStep.length));
  return table({
    caption,
    columns: [
      words('committed by, replayed by'),
      figures('jobs'),
      ...Array.from({ length: steps }, (_, i) => figures(`step ${i + 1}`)),
    ],
    rows: pairs.map(({ committer, replayer, jobs, byStep }) => [
      `${committer}, ${replayer}`,
      count(jobs),
      ...byStep.map((spread) => decimal(of(spread))),
    ]),
  });
}

function stepTable(caption: string, byStep: readonly Spread[]): Markup {
  return table({
    caption,
    columns: [figures('step'), ...spreadColumns('replays')],
    rows: byStep.map((spread, i) => [String(i + 1), ...spreadCells(spread)]),
  });
}

function detectionTable({ spotCheck }: StudyResult): Markup {
  return table({
    caption: 'Chance that a spot check catches skipped steps',
    columns: ['skipped', 'checks', 'drawn with replacement', 'without'].map(figures),
    rows: spotCheck.detection.map((row) => [
      count(row.skipped),
      count(row.checks),
      percent(row.withReplacement),
      percent(row.withoutReplacement),
    ]),
  });
}

function toleranceTable({ spotCheck, recommendation }: StudyResult): Markup {
  return table({
    caption: `Honest margin and recommended tolerance by step; one for all would be ${decimal(spotCheck.tolerance)}`,
    columns: ['step', 'furthest honest', 'tolerance, relative L2', 'in millionths'].map(figures),
    rows: spotCheck.toleranceByStep.map((tolerance, i) => [
      String(i + 1),
      decimal(spotCheck.honestByStep[i]?.max ?? 0),
      decimal(tolerance),
      count(recommendation.stepTolerancesMillionths[i] ?? 0),
    ]),
  });
}

function pixelTable({ honest, adversaries }: PixelCheckResult): Markup {
  return table({
    caption: 'Delivered pixels against the decoded last latent: mean absolute difference, of 255',
    columns: [words('who'), ...spreadColumns('pictures'), figures('caught')],
    rows: [
      ['honest', ...spreadCells(honest), '–'],
      ...adversaries.map((one) => [one.name, ...spreadCells(one.difference), rateCell(one.caught)]),
    ],
  });
}
