import type { Chain } from '@semblance/client/chain';
import { type Node, NodeStatus } from '@semblance/proto/ml';

/** The chain's ML nodes as last read. */
export interface NodeDirectory {
  all(): readonly Node[];
  get(address: string): Node | undefined;
  /** Nodes that the chain may draw for a model. */
  activeFor(model: string): number;
  active(): readonly Node[];
  /** Reads the chain; one read at a time. */
  refresh(): Promise<void>;
}

export function createNodeDirectory(chain: Chain, onChange: () => void): NodeDirectory {
  let nodes = new Map<string, Node>();
  let reading: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const found = await chain.query.nodes();
    nodes = new Map(found.map((node) => [node.address, node]));
    onChange();
  };
  const active = () => [...nodes.values()].filter(isActive);
  return {
    all: () => [...nodes.values()],
    get: (address) => nodes.get(address),
    active,
    activeFor: (model) => active().filter(({ models }) => models.includes(model)).length,
    refresh: () => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

function isActive({ status }: Node): boolean {
  return status === NodeStatus.ACTIVE;
}
