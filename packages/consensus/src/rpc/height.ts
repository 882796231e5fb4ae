import { internalError } from './errors.ts';
import type { RpcNode } from './node.ts';
import type { Params } from './params.ts';

/** The height that was asked for, of a block that is there; the latest if none was named. */
export function requestedHeight(node: RpcNode, params: Params): bigint {
  const latest = node.producer.tip.height;
  const height = params.integer('height') ?? latest;
  if (height <= 0n) throw internalError(`height must be greater than 0, but got ${height}`);
  const first = node.genesis.initialHeight;
  if (height < first) {
    throw internalError(`height ${height} is not available, lowest height is ${first}`);
  }
  if (height > latest) {
    throw internalError(
      `height ${height} must be less than or equal to the current blockchain height ${latest}`,
    );
  }
  return height;
}
