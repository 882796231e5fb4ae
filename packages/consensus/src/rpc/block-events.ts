import { type Tags, tagsOf } from '../query/match.ts';
import type { BlockRecord } from '../store/block-store.ts';
import type { PublishedEvent } from './event-bus.ts';
import {
  base64,
  blockIdJson,
  blockJson,
  eventJson,
  headerJson,
  hex,
  txResultJson,
} from './json.ts';

/** What a block tells subscribers, in CometBFT's order. */
export function* eventsOf(record: BlockRecord): Iterable<PublishedEvent> {
  const { block, result } = record;
  const ofBlock = (name: string, value: () => unknown) =>
    event(name, () => tagsOf(result.events, { 'tm.event': name }), value);
  yield ofBlock('NewBlock', () => newBlockJson(record));
  yield ofBlock('NewBlockHeader', () => ({ header: headerJson(block.header) }));
  yield ofBlock('NewBlockEvents', () => newBlockEventsJson(record));
  for (const index of block.txs.keys()) {
    const value = () => ({ TxResult: txJson(record, index) });
    yield event('Tx', () => txTags(record, index), value);
  }
}

function event(name: string, makeTags: () => Tags, value: () => unknown): PublishedEvent {
  let made: Tags | undefined;
  let text: string | undefined;
  const tags = () => {
    made ??= makeTags();
    return made;
  };
  const makeText = () => {
    const data = { type: `tendermint/event/${name}`, value: value() };
    const events = Object.fromEntries(tags());
    return `"data":${JSON.stringify(data)},"events":${JSON.stringify(events)}`;
  };
  return {
    name,
    tags,
    json() {
      text ??= makeText();
      return text;
    },
  };
}

function newBlockJson({ block, id, result }: BlockRecord) {
  return {
    block: blockJson(block),
    block_id: blockIdJson(id),
    result_finalize_block: {
      events: result.events.map(eventJson),
      tx_results: result.txResults.map(txResultJson),
      validator_updates: [],
      app_hash: base64(result.appHash),
    },
  };
}

function newBlockEventsJson({ block, result }: BlockRecord) {
  return {
    height: String(block.header.height),
    events: result.events.map(eventJson),
    num_txs: String(block.txs.length),
  };
}

function txTags({ block, txHashes, result }: BlockRecord, index: number): Tags {
  return tagsOf(result.txResults[index]?.events ?? [], {
    'tm.event': 'Tx',
    'tx.hash': hex(txHashes[index] ?? new Uint8Array(0)),
    'tx.height': String(block.header.height),
  });
}

function txJson({ block, result }: BlockRecord, index: number) {
  const txResult = result.txResults[index];
  return {
    height: String(block.header.height),
    index,
    tx: base64(block.txs[index] ?? new Uint8Array(0)),
    result: txResult && txResultJson(txResult),
  };
}
