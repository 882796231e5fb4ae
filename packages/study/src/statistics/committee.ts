import type { Bounded, Rate } from '../result.ts';

/**
 * The chance that more than half of `size` runs agree, when each does with chance `single` and any
 * two are correlated by `correlation`: the beta-binomial distribution, as Pólya's urn makes it. At
 * correlation 0 it is the binomial formula, at 1 all runs are one and the chance is `single`.
 *
 * @param correlation 0 to 1
 */
export function majorityChance(size: number, single: number, correlation: number): number {
  return atLeast(size, Math.floor(size / 2) + 1, single, correlation);
}

function atLeast(size: number, least: number, single: number, correlation: number): number {
  // chances[s]: s of the runs so far agree
  let chances = [1];
  for (let runs = 0; runs < size; runs++) {
    const next = new Array<number>(runs + 2).fill(0);
    chances.forEach((chance, agreed) => {
      const agrees = nextAgrees(agreed, runs, single, correlation);
      next[agreed] = (next[agreed] as number) + chance * (1 - agrees);
      next[agreed + 1] = (next[agreed + 1] as number) + chance * agrees;
    });
    chances = next;
  }
  return Math.min(
    1,
    chances.slice(least).reduce((sum, chance) => sum + chance, 0),
  );
}

/** Of an urn that got a ball more of the colour at every draw. */
function nextAgrees(agreed: number, runs: number, single: number, correlation: number): number {
  if (runs === 0) return single;
  return (
    (single * (1 - correlation) + agreed * correlation) / (1 - correlation + runs * correlation)
  );
}

/** {@link majorityChance} at a measured rate and at its bounds: it grows with the single chance. */
export function majorityBounds(size: number, single: Rate, correlation: number): Bounded {
  const [value, low, high] = [single.rate, single.low, single.high].map((rate) =>
    majorityChance(size, rate, correlation),
  ) as [number, number, number];
  return { value, low, high };
}

/**
 * Intra-class correlation of yes-or-no outcomes in clusters of one size, the analysis-of-variance
 * estimate (Ridout, Demétrio and Firth, Biometrics 55, 1999) cut to [0, 1]. 0 where nothing varies.
 *
 * @param agreed for every cluster, how many of its `size` outcomes were yes
 * @param size 2 or more
 */
export function intraClassCorrelation(agreed: readonly number[], size: number): number {
  const clusters = agreed.length;
  if (clusters < 2) return 0;
  const mean = agreed.reduce((sum, yes) => sum + yes, 0) / (clusters * size);
  let [between, within] = [0, 0];
  for (const yes of agreed) {
    const share = yes / size;
    between += size * (share - mean) ** 2;
    within += size * share * (1 - share);
  }
  const betweenMean = between / (clusters - 1);
  const withinMean = within / (clusters * (size - 1));
  const total = betweenMean + (size - 1) * withinMean;
  return total === 0 ? 0 : Math.min(1, Math.max(0, (betweenMean - withinMean) / total));
}
