import { fromUtf8 } from '@semblance/core/bytes';
import { InvalidInputError } from '@semblance/core/errors';
import { TextProposal } from 'cosmjs-types/cosmos/gov/v1beta1/gov';
import { ParameterChangeProposal } from 'cosmjs-types/cosmos/params/v1beta1/params';
import {
  CancelSoftwareUpgradeProposal,
  SoftwareUpgradeProposal,
} from 'cosmjs-types/cosmos/upgrade/v1beta1/upgrade';
import type { Any } from 'cosmjs-types/google/protobuf/any';
import { type ChainParams, setChainParams } from '../../chain-params.ts';
import { changeParams } from '../../change-params.ts';
import type { Context } from '../../context.ts';
import { RefusedError } from '../../errors.ts';
import type { Codec } from '../../tx/cosmos-wire.ts';
import { decodeCosmos } from '../../tx/strict.ts';
import { markSetChanged } from '../staking/validators.ts';
import { deletePlan, setPlan } from '../upgrade/plan.ts';
import { govErrors } from './errors.ts';

/** What a proposal of one kind asks for. */
interface Content {
  /** Throws InvalidInputError naming the field that is wrong. */
  check(params: ChainParams): void;
  /** Whether it can be done now; refuses otherwise. */
  execute(context: Context): void;
}

interface Titled {
  readonly title: string;
  readonly description: string;
}

/** Cosmos SDK's bounds. */
const MAX_TITLE_BYTES = 140;
const MAX_DESCRIPTION_BYTES = 10_000;
const MAX_CHANGES = 16;

/** Reads what a proposal asks for. Refuses kinds that the chain does not know. */
export function readContent({ typeUrl, value }: Any): Content {
  switch (typeUrl) {
    case TextProposal.typeUrl:
      return content(TextProposal, value, { check: () => {}, execute: () => {} });
    case ParameterChangeProposal.typeUrl:
      return content(ParameterChangeProposal, value, {
        check: ({ changes }, params) => {
          if (changes.length === 0) throw new InvalidInputError('content.changes', 'none');
          if (changes.length > MAX_CHANGES) {
            throw new InvalidInputError('content.changes', `more than ${MAX_CHANGES}`);
          }
          changeParams(params, changes);
        },
        execute: ({ changes }, { state, params }) => {
          setChainParams(state, changeParams(params, changes));
          // There may be room for more validators now, or for fewer.
          markSetChanged(state);
        },
      });
    case SoftwareUpgradeProposal.typeUrl:
      return content(SoftwareUpgradeProposal, value, {
        check: ({ plan }) => {
          if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(plan.name)) {
            throw new InvalidInputError('content.plan.name', 'not 1 to 64 letters, digits or dots');
          }
          if (plan.height <= 0n) throw new InvalidInputError('content.plan.height', 'not positive');
          if (fromUtf8(plan.info).length > MAX_DESCRIPTION_BYTES || !plan.info.isWellFormed()) {
            throw new InvalidInputError('content.plan.info', 'too long or not valid UTF-8');
          }
        },
        execute: ({ plan }, context) => setPlan(context, plan),
      });
    case CancelSoftwareUpgradeProposal.typeUrl:
      return content(CancelSoftwareUpgradeProposal, value, {
        check: () => {},
        execute: (_, { state }) => deletePlan(state),
      });
    default:
      throw new RefusedError(govErrors.noHandler, 'content');
  }
}

function content<M extends Titled>(
  codec: Codec<M>,
  bytes: Uint8Array,
  kind: {
    readonly check: (message: M, params: ChainParams) => void;
    readonly execute: (message: M, context: Context) => void;
  },
): Content {
  const message = decodeCosmos(codec, bytes, 'content');
  return {
    check: (params) => {
      checkText(message.title, MAX_TITLE_BYTES, 'content.title');
      checkText(message.description, MAX_DESCRIPTION_BYTES, 'content.description');
      kind.check(message, params);
    },
    execute: (context) => kind.execute(message, context),
  };
}

function checkText(text: string, limit: number, field: string): void {
  const bytes = fromUtf8(text).length;
  if (text.trim() === '') throw new InvalidInputError(field, 'empty');
  if (bytes > limit) throw new InvalidInputError(field, `${bytes} bytes, at most ${limit}`);
  if (!text.isWellFormed()) throw new InvalidInputError(field, 'not valid UTF-8');
}
