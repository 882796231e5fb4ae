import { InvalidInputError } from '@semblance/core/errors';
import { type Member, Standing, Verdict, type VerificationProfile } from '@semblance/proto/ml';
import { majority } from '@semblance/verification/likeness';

/** What a vote came to. Winners are ascending indices of members; only AGREED has any. */
export interface Judgement {
  readonly verdict: Verdict.AGREED | Verdict.NO_MAJORITY | Verdict.WITHHELD;
  readonly winners: readonly number[];
}

/**
 * Judges a committee once nobody can reveal any more, by its model's hash and threshold.
 * Members that withheld have that standing already; valid results have none yet.
 */
export function judge(members: readonly Member[], profile: VerificationProfile): Judgement {
  const votes = members.map((member) =>
    isVote(member) ? hashOf(member, profile.hash) : undefined,
  );
  const valid = votes.filter((vote) => vote !== undefined).length;
  if (2 * valid <= members.length) {
    const isWithheld = members.some(({ standing }) => standing === Standing.WITHHELD);
    return { verdict: isWithheld ? Verdict.WITHHELD : Verdict.NO_MAJORITY, winners: [] };
  }
  const winners = majority(votes, profile.thresholdBits);
  if (winners === undefined) return { verdict: Verdict.NO_MAJORITY, winners: [] };
  return { verdict: Verdict.AGREED, winners };
}

/** A result that was revealed and stands. */
function isVote({ standing, fileSha256 }: Member): boolean {
  return standing === Standing.UNSPECIFIED && fileSha256.length > 0;
}

function hashOf(member: Member, hash: string): Uint8Array {
  switch (hash) {
    case 'average':
      return member.averageHash;
    case 'perceptual':
      return member.perceptualHash;
    case 'difference':
      return member.differenceHash;
    case 'color':
      return member.colorHash;
    default:
      throw new InvalidInputError('profile.hash', `unknown hash ${hash}`);
  }
}
