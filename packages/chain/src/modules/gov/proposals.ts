import { fromUint64, toUint64 } from '@semblance/core/bytes';
import { Proposal, type ProposalStatus } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { ApplicationError, RefusedError } from '../../errors.ts';
import { decodeAmount, encodeAmount } from '../../store/amount.ts';
import type { Reader, State } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { encodeCosmos, readCosmos } from '../../tx/cosmos-wire.ts';
import { govErrors } from './errors.ts';

/* Proposals by number, with their deposits and votes for as long as they are open. */

const NEXT_ID = keyOf(PREFIX.govNextId);
const proposalKey = (id: bigint) => keyOf(PREFIX.govProposal, fromUint64(id));

export function getProposal(state: Reader, id: bigint): Proposal | undefined {
  // No key begins with a number above 64 bits or below 0.
  if (id < 0n || id >= 1n << 64n) return undefined;
  const bytes = state.get(proposalKey(id));
  return bytes && readCosmos(Proposal, bytes);
}

/** One that some queue of ours names: it must be there. */
export function indexedProposal(state: Reader, id: bigint): Proposal {
  const proposal = getProposal(state, id);
  if (proposal !== undefined) return proposal;
  throw new ApplicationError('CORRUPT_STATE', `a queue names proposal ${id}`, {});
}

/** One on which votes are taken, or money before that; or a refusal. */
export function requireOpen(
  state: Reader,
  id: bigint,
  statuses: readonly ProposalStatus[],
): Proposal {
  const proposal = getProposal(state, id);
  if (proposal === undefined) throw new RefusedError(govErrors.noProposal, `proposal_id: ${id}`);
  if (!statuses.includes(proposal.status)) {
    throw new RefusedError(govErrors.inactiveProposal, `proposal_id: ${id}`);
  }
  return proposal;
}

export function setProposal(state: State, proposal: Proposal): void {
  state.set(proposalKey(proposal.proposalId), encodeCosmos(Proposal, proposal));
}

/** Numbers begin with 1. */
export function takeId(state: State): bigint {
  const bytes = state.get(NEXT_ID);
  const id = bytes === undefined ? 1n : toUint64(bytes);
  state.set(NEXT_ID, fromUint64(id + 1n));
  return id;
}

const depositKey = (id: bigint, depositor: Uint8Array) =>
  keyOf(PREFIX.govDeposit, fromUint64(id), depositor);

export function getDeposit(state: Reader, id: bigint, depositor: Uint8Array): bigint {
  const bytes = state.get(depositKey(id, depositor));
  return bytes === undefined ? 0n : decodeAmount(bytes);
}

export function setDeposit(state: State, id: bigint, depositor: Uint8Array, amount: bigint): void {
  state.set(depositKey(id, depositor), encodeAmount(amount));
}

/** Takes out all deposits, by ascending address. */
export function takeDeposits(state: State, id: bigint): [depositor: Uint8Array, amount: bigint][] {
  const entries = [...state.range(...keysUnder(keyOf(PREFIX.govDeposit, fromUint64(id))))];
  for (const [key] of entries) state.delete(key);
  return entries.map(([key, value]) => [key.subarray(9), decodeAmount(value)]);
}

const voteKey = (id: bigint, voter: Uint8Array) => keyOf(PREFIX.govVote, fromUint64(id), voter);

/** A number of cosmos.gov.v1beta1.VoteOption; undefined when there is no vote. */
export function getVote(state: Reader, id: bigint, voter: Uint8Array): number | undefined {
  return state.get(voteKey(id, voter))?.[0];
}

export function setVote(state: State, id: bigint, voter: Uint8Array, option: number): void {
  state.set(voteKey(id, voter), Uint8Array.of(option));
}

/** All votes, by ascending address. */
export function votesOn(state: Reader, id: bigint): [voter: Uint8Array, option: number][] {
  const entries = state.range(...keysUnder(keyOf(PREFIX.govVote, fromUint64(id))));
  return Array.from(entries, ([key, value]) => [key.subarray(9), value[0] as number]);
}

export function deleteVotes(state: State, id: bigint): void {
  for (const [voter] of votesOn(state, id)) state.delete(voteKey(id, voter));
}
