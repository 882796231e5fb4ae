import { type DescField, getOption, hasOption } from '@bufbuild/protobuf';
import { customtype, nullable, stdtime } from '@semblance/proto/gen/gogoproto/gogo_pb';

/** What gogoproto's options say about a field's form in JSON. */
export interface FieldTraits {
  /** A number that Go prints in its own way: an integer, or a decimal times 10^18 on the wire. */
  readonly number: 'integer' | 'decimal' | undefined;
  /** A message that is never absent: Go prints an empty one where a pointer would be null. */
  readonly embedded: boolean;
  /** Go's time, whose zero is the year 1. */
  readonly time: boolean;
}

const known = new WeakMap<DescField, FieldTraits>();

export function traitsOf(field: DescField): FieldTraits {
  const found = known.get(field);
  if (found !== undefined) return found;
  const traits = {
    number: numberOf(getOption(field, customtype)),
    embedded: hasOption(field, nullable) && !getOption(field, nullable),
    time: getOption(field, stdtime),
  };
  known.set(field, traits);
  return traits;
}

/** By the type in Go, not by `cosmos_proto.scalar`: gov's decimals are annotated, and plain text. */
function numberOf(goType: string): FieldTraits['number'] {
  if (goType === 'cosmossdk.io/math.Int') return 'integer';
  if (goType === 'cosmossdk.io/math.LegacyDec') return 'decimal';
  return undefined;
}
