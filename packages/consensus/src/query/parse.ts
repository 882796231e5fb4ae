import { InvalidInputError } from '@semblance/core/errors';

/** One condition of a query. Integers compare with the first run of digits in a value. */
export type Condition =
  | { readonly key: string; readonly operator: 'EXISTS' }
  | { readonly key: string; readonly operator: '=' | 'CONTAINS'; readonly text: string }
  | { readonly key: string; readonly operator: Comparison; readonly integer: bigint };

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** Conditions that must all hold. Empty means everything. */
export type Query = readonly Condition[];

const MAX_QUERY_LENGTH = 512;
const MAX_CONDITIONS = 16;

/** One condition, up to the end or the next AND. Every alternative consumes, so it is linear. */
const CONDITION =
  /\s*([^\s'"()=<>\\]+)\s*(?:(EXISTS)|(CONTAINS|=)\s*'([^']*)'|(<=|>=|=|<|>)\s*(\d{1,20}))\s*/y;
const AND = /AND(?=\s)/y;

/**
 * Parses CometBFT's query language: `tm.event='Tx' AND tx.height>5 AND transfer.amount EXISTS`.
 * TIME and DATE operands and fractions are not supported.
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new InvalidInputError('query', `longer than ${MAX_QUERY_LENGTH} letters`);
  }
  if (text.trim() === '') return [];
  const conditions: Condition[] = [];
  for (let at = 0; ; at = AND.lastIndex) {
    CONDITION.lastIndex = at;
    const match = CONDITION.exec(text);
    if (match === null) throw new InvalidInputError('query', `no condition at letter ${at + 1}`);
    conditions.push(toCondition(match));
    if (conditions.length > MAX_CONDITIONS) {
      throw new InvalidInputError('query', `more than ${MAX_CONDITIONS} conditions`);
    }
    if (CONDITION.lastIndex === text.length) return conditions;
    AND.lastIndex = CONDITION.lastIndex;
    if (!AND.test(text)) {
      throw new InvalidInputError('query', `no AND at letter ${CONDITION.lastIndex + 1}`);
    }
  }
}

function toCondition(match: RegExpExecArray): Condition {
  const [, key = '', exists, textOperator, text = '', comparison, integer = ''] = match;
  if (exists !== undefined) return { key, operator: 'EXISTS' };
  if (textOperator !== undefined) {
    return { key, operator: textOperator === '=' ? '=' : 'CONTAINS', text };
  }
  return { key, operator: comparison as Comparison, integer: BigInt(integer) };
}
