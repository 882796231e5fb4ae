import type { StudyResult } from '../../result.ts';
import { bits, count, decimal, percent } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { HASHES, listed } from '../names.ts';
import { rateCell } from '../rates.ts';
import { figures, table, words } from '../table.ts';

/** The verification profile for the chain, its false-slash bound, and the deposit it asks for. */
export function recommendation(result: StudyResult): Markup {
  const { profile, stepTolerance, stepToleranceMillionths, rule, falseSlash } =
    result.recommendation;
  const { hash, thresholdBits, committeeSizes } = profile;
  const today = result.model.profile;
  return markup`
<p><b>The ${HASHES[hash]}, at most ${bits(thresholdBits)} apart, committees of ${listed(committeeSizes.map(String))}; a replayed step may lie
at most ${decimal(stepTolerance)} away</b> (relative L2; ${count(stepToleranceMillionths)} millionths on the chain, which has no fractions), each step within its own tolerance of Section 5. ${rule}</p>
<pre><code>${JSON.stringify(profile)}</code></pre>
<p>The manifest holds today: the ${HASHES[today.hash]}, ${bits(today.thresholdBits)}, committees of ${listed(today.committeeSizes.map(String))}.</p>
<p><b>False-slash bound.</b> A vote slashes nobody. A step outside the tolerance does: it was seen in ${count(falseSlash.byStep.count)} of ${count(falseSlash.byStep.trials)}
honest runs, all steps checked, so an honest node is slashed in at most ${percent(falseSlash.byStep.high)} of challenged runs.</p>
${unpaidTable(result)}
${depositTable(result)}`;
}

function unpaidTable({ recommendation }: StudyResult): Markup {
  return table({
    caption: 'Honest members not paid, at the recommended profile',
    columns: [
      figures('members'),
      figures('a member is not paid'),
      figures('committees with an unpaid member'),
    ],
    rows: recommendation.falseUnpaid.map(({ size, rate, committees }) => [
      String(size),
      percent(rate),
      rateCell(committees),
    ]),
  });
}

function depositTable({ deposit }: StudyResult): Markup {
  return markup`<h3>The deposit that makes cheating a loss</h3>
<p>${deposit.formula} A proven fault costs ${percent(deposit.slashShare)} of the stake.</p>
${table({
  caption: 'Least stake, in payments for one job, at which each adversary loses',
  columns: [
    words('adversary'),
    figures('saves, share of a run'),
    figures('passes the vote, at most'),
    figures('steps checked'),
    figures('caught by them'),
    figures('stake, in payments'),
  ],
  rows: deposit.rows.map((row) => [
    row.adversary,
    percent(row.saves),
    percent(row.passesVote),
    count(row.checks),
    percent(row.caught),
    row.stakeInPayments === null ? 'nothing slashes' : decimal(row.stakeInPayments),
  ]),
})}`;
}
