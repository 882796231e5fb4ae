import { fromUint64 } from '@semblance/core/bytes';
import { type Member, Standing } from '@semblance/proto/ml';
import type { Context } from '../../context.ts';
import { keyOf, keysUnder, PREFIX } from '../../store/prefixes.ts';
import { parseAddress } from '../auth/address.ts';
import type { JobRecord } from './jobs.ts';
import { getNode, type NodeReader, setNode } from './nodes.ts';

/*
 * A member has a duty from the draw until it reveals, fails or is released. Duties are listed by
 * node in the order of the jobs, and counted on the node, which cannot leave while it has any.
 */

const dutyKey = (params: NodeReader['params'], node: string, number: bigint) =>
  keyOf(PREFIX.mlDuty, parseAddress(params, node, 'node'), fromUint64(number));

/** Whether the member still has to commit or reveal in a job that is open. */
export function hasDuty({ standing, fileSha256 }: Member): boolean {
  return standing === Standing.UNSPECIFIED && fileSha256.length === 0;
}

export function addDuty(context: Context, { number, job }: JobRecord, address: string): void {
  context.state.set(dutyKey(context.params, address, number), job.id);
  changeCount(context, address, 1);
}

export function removeDuty(context: Context, { number }: JobRecord, address: string): void {
  context.state.delete(dutyKey(context.params, address, number));
  changeCount(context, address, -1);
}

/** Ids of the jobs in which a node has a duty, the oldest first. */
export function dutiesOf({ state, params }: NodeReader, address: string): Uint8Array[] {
  const prefix = keyOf(PREFIX.mlDuty, parseAddress(params, address, 'node'));
  return Array.from(state.range(...keysUnder(prefix)), ([, id]) => id);
}

function changeCount(context: Context, address: string, by: number): void {
  const node = getNode(context, address);
  if (node === undefined) return;
  node.openDuties += by;
  setNode(context, node);
}
