import { fromUint64 } from '@semblance/core/bytes';
import {
  type Deposit,
  type Proposal,
  Proposal as ProposalProto,
  ProposalStatus,
  type Vote,
} from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import {
  QueryDepositRequest,
  QueryDepositResponse,
  QueryDepositsRequest,
  QueryDepositsResponse,
  QueryParamsRequest,
  QueryParamsResponse,
  QueryProposalRequest,
  QueryProposalResponse,
  QueryProposalsRequest,
  QueryProposalsResponse,
  QueryTallyResultRequest,
  QueryTallyResultResponse,
  QueryVoteRequest,
  QueryVoteResponse,
  QueryVotesRequest,
  QueryVotesResponse,
} from 'cosmjs-types/cosmos/gov/v1beta1/query';
import type { View } from '../../context.ts';
import { cosmosQuery } from '../../cosmos-query.ts';
import { ONE } from '../../decimal.ts';
import { pageOf } from '../../pages.ts';
import { invalidQuery, notFound, type QueryHandler, readRequest } from '../../query.ts';
import { decodeAmount } from '../../store/amount.ts';
import { keyOf, PREFIX } from '../../store/prefixes.ts';
import { readCosmos } from '../../tx/cosmos-wire.ts';
import { formatAddress, parseAddress } from '../auth/address.ts';
import { coinsText } from '../bank/coin.ts';
import { toGovProto } from './params.ts';
import { getDeposit, getProposal, getVote } from './proposals.ts';
import { tally } from './tally.ts';

function findProposal({ state }: View, id: bigint): Proposal {
  const proposal = getProposal(state, id);
  if (proposal === undefined) throw notFound(`proposal ${id}`);
  return proposal;
}

const readAddress = ({ params }: View, text: string, field: string) =>
  readRequest(() => parseAddress(params, text, field));

function toDeposit({ params }: View, id: bigint, who: Uint8Array, amount: bigint): Deposit {
  return {
    proposalId: id,
    depositor: formatAddress(params, who),
    amount: coinsText(params.ml.bondDenom, amount),
  };
}

function toVote({ params }: View, id: bigint, voter: Uint8Array, option: number): Vote {
  return {
    proposalId: id,
    voter: formatAddress(params, voter),
    option,
    options: [{ option, weight: ONE.toString() }],
  };
}

const queryProposal = cosmosQuery(
  QueryProposalRequest,
  QueryProposalResponse,
  (view, { proposalId }) => ({ proposal: findProposal(view, proposalId) }),
);

const queryProposals = cosmosQuery(
  QueryProposalsRequest,
  QueryProposalsResponse,
  (view, { proposalStatus, voter, depositor, pagination: page }) => {
    const byVoter = voter === '' ? undefined : readAddress(view, voter, 'voter');
    const byDepositor = depositor === '' ? undefined : readAddress(view, depositor, 'depositor');
    const prefix = keyOf(PREFIX.govProposal);
    const { items: proposals, pagination } = pageOf(view.state, prefix, page, ([, bytes]) => {
      const proposal = readCosmos(ProposalProto, bytes);
      const { proposalId: id, status } = proposal;
      const isAsked =
        (proposalStatus === ProposalStatus.PROPOSAL_STATUS_UNSPECIFIED ||
          status === proposalStatus) &&
        (byVoter === undefined || getVote(view.state, id, byVoter) !== undefined) &&
        (byDepositor === undefined || getDeposit(view.state, id, byDepositor) > 0n);
      return isAsked ? proposal : undefined;
    });
    return { proposals, pagination };
  },
);

const queryVote = cosmosQuery(
  QueryVoteRequest,
  QueryVoteResponse,
  (view, { proposalId, voter }) => {
    const address = readAddress(view, voter, 'voter');
    const id = findProposal(view, proposalId).proposalId;
    const option = getVote(view.state, id, address);
    if (option === undefined) throw notFound(`vote of ${voter} on proposal ${proposalId}`);
    return { vote: toVote(view, id, address, option) };
  },
);

const queryVotes = cosmosQuery(
  QueryVotesRequest,
  QueryVotesResponse,
  (view, { proposalId, pagination: page }) => {
    const id = findProposal(view, proposalId).proposalId;
    const prefix = keyOf(PREFIX.govVote, fromUint64(id));
    const { items: votes, pagination } = pageOf(view.state, prefix, page, ([key, value]) =>
      toVote(view, id, key.subarray(prefix.length), value[0] as number),
    );
    return { votes, pagination };
  },
);

const queryDeposit = cosmosQuery(
  QueryDepositRequest,
  QueryDepositResponse,
  (view, { proposalId, depositor }) => {
    const address = readAddress(view, depositor, 'depositor');
    const id = findProposal(view, proposalId).proposalId;
    const amount = getDeposit(view.state, id, address);
    if (amount === 0n) throw notFound(`deposit of ${depositor} on proposal ${proposalId}`);
    return { deposit: toDeposit(view, id, address, amount) };
  },
);

const queryDeposits = cosmosQuery(
  QueryDepositsRequest,
  QueryDepositsResponse,
  (view, { proposalId, pagination: page }) => {
    const id = findProposal(view, proposalId).proposalId;
    const prefix = keyOf(PREFIX.govDeposit, fromUint64(id));
    const { items: deposits, pagination } = pageOf(view.state, prefix, page, ([key, value]) =>
      toDeposit(view, id, key.subarray(prefix.length), decodeAmount(value)),
    );
    return { deposits, pagination };
  },
);

/** While votes come in, what they come to by now. */
const queryTally = cosmosQuery(
  QueryTallyResultRequest,
  QueryTallyResultResponse,
  (view, { proposalId }) => {
    const proposal = findProposal(view, proposalId);
    const isOpen = proposal.status === ProposalStatus.PROPOSAL_STATUS_VOTING_PERIOD;
    return { tally: isOpen ? tally(view, proposalId).result : proposal.finalTallyResult };
  },
);

const KINDS = ['', 'voting', 'deposit', 'tallying'];

/** All three kinds at once, whichever was asked for. */
const queryParams = cosmosQuery(
  QueryParamsRequest,
  QueryParamsResponse,
  ({ params }, { paramsType }) => {
    if (!KINDS.includes(paramsType)) throw invalidQuery('params_type: not a kind of parameters');
    return toGovProto(params.gov, params.ml.bondDenom);
  },
);

const service = (name: string) => `/cosmos.gov.v1beta1.Query/${name}`;

export const govQueries: Readonly<Record<string, QueryHandler>> = {
  [service('Proposal')]: queryProposal,
  [service('Proposals')]: queryProposals,
  [service('Vote')]: queryVote,
  [service('Votes')]: queryVotes,
  [service('Deposit')]: queryDeposit,
  [service('Deposits')]: queryDeposits,
  [service('TallyResult')]: queryTally,
  [service('Params')]: queryParams,
};
