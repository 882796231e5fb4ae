import { HASH_NAMES, type HashName, type PairAgreement, type StudyResult } from '../../result.ts';
import { distanceBars, furthestOf, shareWithin } from '../chart/distances.ts';
import { heatMap } from '../chart/heat-map.ts';
import { bits, count, decimal, interval, percent } from '../figures.ts';
import { figure } from '../layout.ts';
import { type Markup, markup } from '../markup.ts';
import { HASHES } from '../names.ts';
import { figures, table, words } from '../table.ts';

/** How alike the pictures of honest machines are that run the same job in different arithmetic. */
export function honestMachines(result: StudyResult): Markup {
  const { hash, thresholdBits } = result.recommendation.profile;
  return markup`
<p>Every one of the ${count(result.plan.jobs)} jobs was run on each runtime profile: the same weights, prompt and seed noise in different arithmetic.
${bytesInWords(result.agreement)}</p>
${profiles(result)}
${figure({
  number: 1,
  caption: markup`Jobs, in percent, for which two profiles agree within ${bits(thresholdBits)}, one map a hash. A name heads the column below it and the row at its left; the stronger its tint, the more agree.`,
  charts: HASH_NAMES.map((name) => agreementMap(result, name, thresholdBits)),
})}
${figure({
  number: 2,
  caption: markup`Distances of honest pairs by pair of profiles, ${HASHES[hash]}. Shares are logarithmic; right of the dotted rule two pictures are not alike.`,
  charts: pairBars(result, hash),
})}`;
}

function bytesInWords(agreement: readonly PairAgreement[]): string {
  const shares = agreement.map((pair) => pair.equalFiles.rate);
  if (shares.length === 0) return 'With one profile there is no pair to compare.';
  const range = interval(Math.min(...shares), Math.max(...shares));
  return `Depending on the pair, two profiles delivered the same bytes for ${range} of jobs: equality of files is no test.`;
}

function profiles(result: StudyResult): Markup {
  return table({
    caption: 'Honest runtime profiles',
    columns: [
      words('profile'),
      words('backend'),
      words('precision'),
      words('optimisation'),
      words('guidance'),
      figures('pictures'),
      figures('different files'),
      figures('ms a picture, median'),
      figures('95th percentile'),
    ],
    rows: result.profiles.map((one) => [
      one.name,
      one.backend,
      one.precision,
      one.optimisation,
      one.guidance,
      count(one.pictures),
      count(one.distinctFiles),
      decimal(one.msPerPicture.median),
      decimal(one.msPerPicture.p95),
    ]),
  });
}

function agreementMap({ plan, agreement }: StudyResult, hash: HashName, threshold: number): Markup {
  const names = plan.profiles;
  const share = (row: number, column: number) => {
    const pair = agreement.find(
      ({ a, b }) =>
        (a === names[row] && b === names[column]) || (b === names[row] && a === names[column]),
    );
    return pair && shareWithin(pair.hashes[hash].bits, threshold);
  };
  const worst = agreement.toSorted(
    (one, other) =>
      shareWithin(one.hashes[hash].bits, threshold) -
      shareWithin(other.hashes[hash].bits, threshold),
  )[0];
  return heatMap({
    title: `${HASHES[hash]}, within ${bits(threshold)}, %`,
    description: worst
      ? `Least: ${worst.a} and ${worst.b}, ${percent(shareWithin(worst.hashes[hash].bits, threshold))}.`
      : 'No pairs.',
    names,
    share,
  });
}

/** A chart for each pair of profiles. */
export function pairBars(
  { agreement, recommendation, plan }: StudyResult,
  hash: HashName,
): Markup[] {
  const { thresholdBits } = recommendation.profile;
  const furthest = furthestOf(agreement.map((pair) => pair.hashes[hash].bits));
  return agreement.map(({ a, b, hashes }) =>
    distanceBars({
      title: `${a} × ${b}`,
      look: 'honest',
      histogram: hashes[hash].bits,
      threshold: thresholdBits,
      furthest: Math.max(furthest, thresholdBits + 2),
      floor: 1 / Math.max(plan.jobs, 10),
    }),
  );
}
