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
  const of = (name: string) => tagsOf(result.events, { 'tm.event': name });
  yield event('NewBlock', of('NewBlock'), () => newBlockJson(record));
  yield event('NewBlockHeader', of('NewBlockHeader'), () => ({ header: headerJson(block.header) }));
  yield event('NewBlockEvents', of('NewBlockEvents'), () => newBlockEventsJson(record));
  for (const index of block.txs.keys()) {
    yield event('Tx', txTags(record, index), () => ({ TxResult: txJson(record, index) }));
  }
}

function event(name: string, tags: Tags, value: () => unknown): PublishedEvent {
  let text: string | undefined;
  const makeText = () => {
    const data = { type: `tendermint/event/${name}`, value: value() };
    const events = Object.fromEntries(tags);
    return `"data":${JSON.stringify(data)},"events":${JSON.stringify(events)}`;
  };
  return {
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
