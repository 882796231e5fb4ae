import type { StudyResult } from '../../result.ts';
import { count, decimal, duration, percentTick } from '../figures.ts';
import { type Markup, markup } from '../markup.ts';
import { table, words } from '../table.ts';

/** How it was measured. */
export function method({ model, plan }: StudyResult): Markup {
  const { request } = model;
  const negative = request.negativePrompt === '' ? 'none' : `“${request.negativePrompt}”`;
  return markup`
<ul>
<li><b>Jobs.</b> ${count(plan.classes.length)} classes with one prompt each, seeds 0 to ${count(Math.max(plan.seeds - 1, 0))}: ${count(plan.jobs)} jobs. Every job is
${count(request.width)} × ${count(request.height)} pixels, ${count(request.steps)} steps of ${request.scheduler}, guidance ${decimal(request.guidance)}, negative prompt: ${negative}.</li>
<li><b>Model.</b> <code>${model.id}</code>, weights pinned by the Merkle root <code>${model.weightsRoot}</code>.</li>
<li><b>Profiles.</b> Each runs the same weights in another arithmetic, so that one machine stands for many. Adversaries run on
<code>${plan.reference}</code>.</li>
<li><b>Hashes.</b> Average, perceptual, difference and colour hash, equal bit for bit to Python <code>imagehash</code>, computed from the delivered
file. Distance is Hamming distance in bits unless hex digits are named.</li>
<li><b>Bounds.</b> Exact two-sided Clopper-Pearson intervals at ${percentTick(plan.confidence)}, over independent trials: for each job one pair, one verifier
or one committee is drawn. Counts over all pairs and committees are given beside them, without bounds.</li>
<li><b>Spot check.</b> ${count(plan.replayedJobs)} jobs had their steps replayed from the committed latents; the distance is the L2 norm of the
difference over that of the committed latent.</li>
<li><b>Plan.</b> <code>${plan.id}</code> (SHA-256).</li>
</ul>`;
}

/** What the numbers do not say. */
export function limits({ model, plan, run }: StudyResult): Markup {
  return markup`
<ul>
<li>One machine stood for ${count(plan.profiles.length)}: the profiles differ in arithmetic, backend and order of operations, not in silicon. A device
whose arithmetic lies outside of theirs must be measured before it is trusted.</li>
<li>The figures are of <code>${model.id}</code>, its ${count(plan.classes.length)} prompts and this request. Another model, resolution or number of steps is
another study.</li>
<li>The adversaries are those listed. One who adapts to the check that is used may do better against likeness; that is why no vote takes a stake.</li>
<li>Each bound holds for itself at ${percentTick(plan.confidence)}; among hundreds of them some will not. The recommended hash, threshold and tolerance
were chosen on the data that they are judged by here.</li>
<li>Pairs that share a picture, and steps of one job, are not independent. Shares over them are descriptions.</li>
<li>Times were measured with ${count(run.processes)} processes on the machine below, and are not a benchmark.</li>
</ul>`;
}

/** What it ran on. */
export function machine({ run }: StudyResult): Markup {
  const { cpu, cores, memoryBytes, platform } = run.machine;
  return table({
    caption: 'Machine, versions and work',
    columns: [words('what'), words('value')],
    rows: [
      ['processor', cpu],
      ['cores', count(cores)],
      ['memory', `${decimal(memoryBytes / 2 ** 30)} GiB`],
      ['platform', platform],
      ...Object.entries(run.versions),
      ['processes', count(run.processes)],
      ['pictures made', count(run.pictures)],
      ['steps replayed', count(run.replayedSteps)],
      ['work of all processes', duration(run.workSeconds)],
      ['finished', `${run.finishedAt.slice(0, 16).replace('T', ' ')} UTC`],
    ],
  });
}
