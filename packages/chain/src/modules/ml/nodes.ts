import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Node, NodeSchema } from '@semblance/proto/ml';
import type { ChainParams } from '../../chain-params.ts';
import type { Context } from '../../context.ts';
import { RefusedError } from '../../errors.ts';
import type { Reader } from '../../store/overlay.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { parseAddress } from '../auth/address.ts';
import { mlErrors } from './errors.ts';

/** State to read nodes from, and how addresses are spelt in it. */
export interface NodeReader {
  readonly state: Reader;
  readonly params: Pick<ChainParams, 'bech32Prefix'>;
}

const nodeKey = (params: NodeReader['params'], address: string) =>
  keyOf(PREFIX.mlNode, parseAddress(params, address, 'node'));

/** A node by its address text. */
export function getNode({ state, params }: NodeReader, address: string): Node | undefined {
  const bytes = state.get(nodeKey(params, address));
  return bytes && fromBinary(NodeSchema, bytes);
}

export function setNode({ state, params }: Context, node: Node): void {
  state.set(nodeKey(params, node.address), toBinary(NodeSchema, node));
}

export function removeNode({ state, params }: Context, address: string): void {
  state.delete(nodeKey(params, address));
}

/** All nodes by ascending address bytes. */
export function allNodes(state: Reader): Node[] {
  const entries = state.range(...keysUnder(keyOf(PREFIX.mlNode)));
  return Array.from(entries, ([, value]) => fromBinary(NodeSchema, value));
}

/** The node, if `operator` is who staked for it. Refuses otherwise. */
export function requireOwnNode(context: Context, operator: string, address: string): Node {
  const node = getNode(context, address);
  if (node === undefined) throw new RefusedError(mlErrors.unknownNode, `node: no node ${address}`);
  if (node.operator !== operator) {
    throw new RefusedError(mlErrors.notOperator, `operator: ${address} has another one`);
  }
  return node;
}
