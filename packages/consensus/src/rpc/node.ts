import type { Application } from '@semblance/chain/application';
import type { GenesisDocument, GenesisJson, GenesisValidator } from '../genesis.ts';
import type { Tip } from '../solo/make-block.ts';
import type { Mempool } from '../solo/mempool.ts';
import type { BlockStore } from '../store/block-store.ts';
import type { EventBus } from './event-bus.ts';
import type { Params } from './params.ts';

/** What the methods look at. */
export interface RpcNode {
  readonly app: Application;
  readonly blocks: BlockStore;
  readonly producer: { readonly tip: Tip; readonly mempool: Mempool };
  readonly genesis: GenesisDocument;
  readonly genesisJson: GenesisJson;
  readonly validator: GenesisValidator;
  readonly events: EventBus;
  /** Told of every error whose cause a client does not learn. */
  readonly report: (error: unknown) => void;
}

export interface Method {
  /** Names in the order of positional arguments. */
  readonly params: readonly string[];
  call(node: RpcNode, params: Params): unknown;
}
