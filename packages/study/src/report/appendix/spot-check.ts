import type { PixelCheckResult, Spread, StepDistances, StudyResult } from '../../result.ts';
import { count, decimal, percent } from '../figures.ts';
import { folded } from '../layout.ts';
import type { Markup } from '../markup.ts';
import { rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';

export function spotCheckInFull(result: StudyResult): Markup[] {
  const { pairs, honestByStep, adversaries, pixels } = result.spotCheck;
  return [
    folded('Replayed steps', [
      toleranceTable(result),
      pairTable(pairs),
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

function pairTable(pairs: readonly StepDistances[]): Markup {
  return table({
    caption: 'Honest steps: the furthest of each pair of profiles, relative L2',
    columns: [
      words('committed by'),
      words('replayed by'),
      figures('jobs'),
      figures('median of the first step'),
      figures('median of the last step'),
      figures('furthest of all'),
    ],
    rows: pairs.map(({ committer, replayer, jobs, byStep, max }) => [
      committer,
      replayer,
      count(jobs),
      decimal(byStep[0]?.median ?? 0),
      decimal(byStep.at(-1)?.median ?? 0),
      decimal(max),
    ]),
  });
}

function stepTable(caption: string, byStep: readonly Spread[]): Markup {
  return table({
    caption,
    columns: ['step', 'replays', 'least', 'median', 'mean', '95th percentile', 'most'].map(figures),
    rows: byStep.map(({ count: replays, min, median, mean, p95, max }, i) =>
      replays === 0
        ? [String(i + 1), 'honest', '–', '–', '–', '–', '–']
        : [String(i + 1), count(replays), ...[min, median, mean, p95, max].map(decimal)],
    ),
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
  const cells = ({ count: pictures, min, median, mean, p95, max }: Spread) => [
    count(pictures),
    ...[min, median, mean, p95, max].map(decimal),
  ];
  return table({
    caption: 'Delivered pixels against the decoded last latent: mean absolute difference, of 255',
    columns: [
      words('who'),
      ...['pictures', 'least', 'median', 'mean', '95th percentile', 'most', 'caught'].map(figures),
    ],
    rows: [
      ['honest', ...cells(honest), '–'],
      ...adversaries.map((one) => [one.name, ...cells(one.difference), rateCell(one.caught)]),
    ],
  });
}
