/** An event of a block or transaction; attribute keys may repeat. */
export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

/** The ml module's events. Ids and hashes are lower-case hex. */
export type MlEvent =
  | { readonly type: 'job_submitted'; jobId: string; requester: string; model: string; fee: string }
  | { readonly type: 'job_assigned'; jobId: string; nodes: readonly string[] }
  | { readonly type: 'job_committed'; jobId: string; node: string }
  | { readonly type: 'job_revealing'; jobId: string }
  | { readonly type: 'job_revealed'; jobId: string; node: string; fileSha256: string }
  | { readonly type: 'job_settled'; jobId: string; verdict: string; resultSha256: string }
  | { readonly type: 'node_registered'; node: string }
  | { readonly type: 'node_jailed'; node: string; reason: string }
  | { readonly type: 'fault'; jobId: string; node: string; reason: string };

/** The ml events among all events, in order. Others are skipped. */
export function mlEvents(events: readonly ChainEvent[]): MlEvent[] {
  return events.flatMap((event) => parse(event) ?? []);
}

function parse(event: ChainEvent): MlEvent | undefined {
  const all = (key: string): string[] =>
    event.attributes
      .filter((attribute) => attribute.key === key)
      .map((attribute) => attribute.value);
  const one = (key: string): string => all(key)[0] ?? '';
  const jobId = one('job_id').toLowerCase();
  const node = one('node');
  switch (event.type) {
    case 'job_submitted':
      return {
        type: event.type,
        jobId,
        requester: one('requester'),
        model: one('model'),
        fee: one('fee'),
      };
    case 'job_assigned':
      return { type: event.type, jobId, nodes: all('node') };
    case 'job_committed':
      return { type: event.type, jobId, node };
    case 'job_revealing':
      return { type: event.type, jobId };
    case 'job_revealed':
      return { type: event.type, jobId, node, fileSha256: one('file_sha256').toLowerCase() };
    case 'job_settled':
      return {
        type: event.type,
        jobId,
        verdict: one('verdict'),
        resultSha256: one('result_sha256').toLowerCase(),
      };
    case 'node_registered':
      return { type: event.type, node };
    case 'node_jailed':
      return { type: event.type, node, reason: one('reason') };
    case 'fault':
      return { type: event.type, jobId, node, reason: one('reason') };
    default:
      return undefined;
  }
}
