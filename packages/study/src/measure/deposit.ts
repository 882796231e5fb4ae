import type { AdversaryResult, DepositResult, DepositRow, SpotCheckResult } from '../result.ts';

/** The chain's default `fault_slash_bp`, as a share. */
const SLASH_SHARE = 0.1;
const CHECKS = [1, 3] as const;

const FORMULA =
  'S / w > (v (1 - d) - 1 + s) / (v d f): stake S, payment w for one job of which the work costs no more than w, share s of the work that is saved, chance v to pass the vote, chance d that a step check catches who passed it, share f of the stake that a proven fault costs. Where only one job in n is checked, d is divided by n.';

/**
 * The stake at which cheating loses on average, for each adversary with the measured numbers: an
 * honest node earns w less its cost; a cheat earns w when it passes both, and loses f S when it
 * passes the vote and is caught.
 */
export function measureDeposit(
  adversaries: readonly AdversaryResult[],
  spotCheck: SpotCheckResult,
): DepositResult {
  return {
    formula: FORMULA,
    slashShare: SLASH_SHARE,
    rows: adversaries.flatMap((adversary) =>
      CHECKS.map((checks) => rowOf(adversary, spotCheck, checks)),
    ),
  };
}

function rowOf(adversary: AdversaryResult, spotCheck: SpotCheckResult, checks: number): DepositRow {
  const saves = Math.max(0, 1 - adversary.cost);
  const passesVote = adversary.passes.high;
  const caught = caughtBy(adversary.name, spotCheck, checks);
  return {
    adversary: adversary.name,
    saves,
    passesVote,
    checks,
    caught,
    stakeInPayments: stakeInPayments({ saves, passesVote, caught, slashShare: SLASH_SHARE }),
  };
}

/** Replayed steps where there are any, else the pixels of the last latent. */
function caughtBy(name: string, { adversaries, pixels }: SpotCheckResult, checks: number): number {
  const replayed = adversaries.find((one) => one.name === name && one.jobs > 0);
  if (replayed) return replayed.detection.find((one) => one.checks === checks)?.probability ?? 0;
  return pixels.adversaries.find((one) => one.name === name)?.caught.rate ?? 0;
}

/** Null where nothing slashes and cheating gains. */
export function stakeInPayments({
  saves,
  passesVote,
  caught,
  slashShare,
}: Pick<DepositRow, 'saves' | 'passesVote' | 'caught'> & { slashShare: number }): number | null {
  const gain = passesVote * (1 - caught) - 1 + saves;
  if (gain <= 0) return 0;
  const loss = passesVote * caught * slashShare;
  return loss === 0 ? null : gain / loss;
}
