import type {
  PixelCheckResult,
  SpotCheckResult,
  Spread,
  StepAdversaryResult,
  StudyResult,
} from '../../result.ts';
import { detectionCurves, MOST_CURVES } from '../chart/detection-curves.ts';
import { type IntervalRow, intervals } from '../chart/intervals.ts';
import { latentDistance } from '../chart/latent-distance.ts';
import type { Look } from '../chart/marks.ts';
import { count, decimal, percent } from '../figures.ts';
import { figure } from '../layout.ts';
import { type Markup, markup } from '../markup.ts';
import { rateCell, withBounds } from '../rates.ts';
import { figures, table, words } from '../table.ts';

/** How far replayed steps lie from committed ones, and how many checks that asks for. */
export function spotCheck(result: StudyResult): Markup {
  const { spotCheck: check, plan } = result;
  return markup`
<p>A node commits to the latents of all ${count(check.steps)} steps before the chain draws which are replayed. A replay starts from the committed
latent, so errors do not add up. Over ${count(plan.replayedJobs)} jobs and all ordered pairs of profiles the furthest honest step lies
${decimal(check.honestMax)} away (relative L2). Each step has a tolerance of its own, at least ${decimal(check.honestMargin)} times its furthest
honest distance. ${nearestForgery(check)} An honest step was outside in ${withBounds(check.falseAlarmJobs)} of jobs,
${count(check.falseAlarmSteps.count)} of ${count(check.falseAlarmSteps.trials)} honest steps in all.</p>
${figure({
  number: 7,
  caption: markup`Distance of replayed from committed latents by step, logarithmic: median, and a band from the least to the most. Solid and blue are honest steps over all pairs of profiles, dashed and orange the steps that an adversary forged. The dotted rule is the recommended tolerance of each step: what lies above is caught.`,
  charts: latentCharts(result),
})}
${figure({
  number: 8,
  caption: markup`Chance that k drawn steps show a forgery when q of the ${count(check.steps)} steps were skipped: 1 − (1 − q/${count(check.steps)})<sup>k</sup>. Dots are the exact chance when no step is drawn twice.`,
  charts: [detectionChart(result)],
})}
${caughtTable(result)}
<h3>From the last latent to the delivered picture</h3>
<p>The last committed latent must decode to the pixels that were delivered. Between two honest profiles a channel differs by
${decimal(check.pixels.honest.median)} of 255 in the median and ${decimal(check.pixels.honest.max)} at most; the tolerance is ${decimal(check.pixels.tolerance)}.</p>
${figure({
  number: 9,
  caption: markup`Mean absolute difference of delivered pixels from those decoded from the committed last latent, of 255, logarithmic: median, and a bar from the least to the most. Right of the rule it is caught.`,
  charts: [pixelChart(check.pixels)],
})}`;
}

function latentCharts({ spotCheck }: StudyResult): Markup[] {
  const { honestByStep, adversaries, toleranceByStep, steps } = spotCheck;
  const all = [honestByStep, ...adversaries.map((one) => one.byStep)].flatMap(measured);
  const distances = [...toleranceByStep, ...all.flatMap((one) => [one.min, one.max])].filter(
    (d) => d > 0,
  );
  const chart = (title: string, forged: readonly Spread[]) =>
    latentDistance({
      title,
      replays: [
        { name: 'honest', look: 'honest', steps: measured(honestByStep) },
        ...(forged.length > 0
          ? [{ name: 'forged', look: 'foe', steps: measured(forged) } as const]
          : []),
      ],
      tolerance: toleranceByStep,
      // Room for the names below and above the bands.
      domain:
        distances.length > 0 ? [Math.min(...distances) / 6, Math.max(...distances) * 6] : [1e-6, 1],
      steps,
    });
  if (adversaries.length === 0) return [chart('honest profiles', [])];
  return adversaries.map(({ name, byStep }) => chart(name, byStep));
}

/** The steps that there are distances of. */
function measured(byStep: readonly Spread[]) {
  return byStep
    .map(({ count, min, median, max }, i) => ({ step: i + 1, count, min, median, max }))
    .filter((one) => one.count > 0);
}

function detectionChart({ spotCheck: { steps, detection } }: StudyResult): Markup {
  const skipped = [...new Set(detection.map((row) => row.skipped))].slice(0, MOST_CURVES);
  return detectionCurves({
    title: 'Catching skipped steps by checking k',
    steps,
    skipped,
    checks: Math.max(1, ...detection.map((row) => row.checks)),
    exact: detection
      .filter((row) => skipped.includes(row.skipped))
      .map((row) => [row.checks, row.withoutReplacement]),
  });
}

function caughtTable({ spotCheck: { adversaries, steps } }: StudyResult): Markup {
  const checks = adversaries[0]?.detection.map((one) => one.checks) ?? [];
  return table({
    caption: 'What replaying steps catches',
    columns: [
      words('adversary'),
      figures('jobs'),
      figures(`forged of ${steps} steps`),
      figures('nearest forged step'),
      figures('wrong noise'),
      figures('forged steps caught'),
      figures('by one tolerance for all'),
      figures('jobs caught by all steps'),
      figures('steps outside the tolerance'),
      ...checks.map((k) => figures(`caught by ${k}`)),
    ],
    rows: adversaries.map((one) => [
      markup`${one.name}<small>${one.title}</small>`,
      count(one.jobs),
      count(one.forgedSteps),
      decimal(one.min),
      rateCell(one.wrongNoise),
      rateCell(one.caughtSteps),
      rateCell(one.caughtStepsOneTolerance),
      rateCell(one.caughtJobs),
      percent(one.badShare),
      ...checks.map((k) => chanceAt(one, k)),
    ]),
  });
}

function chanceAt({ detection }: StepAdversaryResult, checks: number): string {
  const found = detection.find((one) => one.checks === checks);
  return found ? percent(found.probability) : '–';
}

function nearestForgery({ adversaries, adversaryMargin: { adversary, margin } }: SpotCheckResult) {
  if (adversaries.length === 0) return 'No adversary was replayed.';
  return `The nearest forged step, by ${adversary}, lies at ${decimal(margin)} times its tolerance.`;
}

function pixelChart({ honest, tolerance, adversaries }: PixelCheckResult): Markup {
  const rows = [
    ...(honest.count > 0 ? [pixelRow('honest', 'honest', honest)] : []),
    ...adversaries.map(({ name, difference }) => pixelRow(name, 'foe', difference)),
  ];
  const differences = [tolerance, ...rows.flatMap((row) => row.bounds ?? [])].filter((d) => d > 0);
  return intervals({
    title: 'Decoded against delivered pixels',
    description: `Honest at most ${decimal(honest.max)} of 255; tolerance ${decimal(tolerance)}.`,
    label: 'mean difference, of 255',
    rows,
    domain:
      differences.length > 0 ? [Math.min(...differences), Math.max(...differences)] : [0.01, 1],
    format: decimal,
    rule: { value: tolerance, name: 'tolerance' },
  });
}

function pixelRow(name: string, look: Look, { min, median, max }: Spread): IntervalRow {
  return { name, look, value: median, bounds: [min, max] };
}
