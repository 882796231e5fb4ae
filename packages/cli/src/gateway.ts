import type { JobView, ModelView, NodeView } from '@semblance/sequencer/views';
import { EXIT } from './exit-codes.ts';
import { CommandError } from './failure.ts';

/** What the command line asks the sequencer for; see the sequencer's HTTP API. */
export interface Gateway {
  /** One repeated with the same `idempotencyKey` within a day is the same job. */
  submit(request: JobOrder, idempotencyKey?: string): Promise<JobView>;
  /** Views of a job as it goes on, ending with the settled or failed one. */
  follow(id: string, signal?: AbortSignal): AsyncGenerator<JobView>;
  job(id: string): Promise<JobView>;
  jobs(limit: number): Promise<JobView[]>;
  nodes(): Promise<NodeView[]>;
  models(): Promise<ModelView[]>;
  /** Where the job's receipt is, once it is settled. */
  receiptUrl(id: string): string;
  artifact(sha256: string): Promise<Uint8Array>;
}

/** Fields as the HTTP API names them; what is left out takes the model's default. */
export interface JobOrder {
  readonly model?: string;
  readonly prompt: string;
  readonly negative_prompt?: string;
  readonly seed?: string;
  readonly steps?: number;
  readonly size?: string;
  readonly guidance_scale?: number;
  readonly scheduler?: string;
  readonly committee_size?: number;
}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

export function gateway(url: string, apiKey?: string): Gateway {
  const get = async <T>(path: string): Promise<T> => (await request(path)).json() as Promise<T>;

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (apiKey) headers.set('authorization', `Bearer ${apiKey}`);
    let response: Response;
    try {
      response = await fetch(new URL(path, url), { ...init, headers });
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw new CommandError(
        'UNREACHABLE',
        `nothing answers at ${url}; is the network up? (npm start)`,
        EXIT.unreachable,
        { cause },
      );
    }
    if (!response.ok) throw await refusal(response);
    return response;
  }

  return {
    async submit(order, idempotencyKey) {
      const init = {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        body: JSON.stringify(order),
      };
      return (await (await request('/v1/jobs', init)).json()) as JobView;
    },
    async *follow(id, signal) {
      const response = await request(`/v1/jobs/${id}/events`, signal ? { signal } : {});
      for await (const { event, data } of serverSentEvents(response)) {
        if (event !== 'job') continue;
        const view = JSON.parse(data) as JobView;
        yield view;
        if (view.status === 'settled' || view.status === 'failed') return;
      }
    },
    job: (id) => get<JobView>(`/v1/jobs/${encodeURIComponent(id)}`),
    jobs: async (limit) => (await get<{ data: JobView[] }>(`/v1/jobs?limit=${limit}`)).data,
    nodes: async () => (await get<{ data: NodeView[] }>('/v1/nodes')).data,
    models: async () => (await get<{ data: ModelView[] }>('/v1/models')).data,
    receiptUrl: (id) => new URL(`/v1/receipts/${id}`, url).href,
    async artifact(sha256) {
      const response = await request(`/v1/artifacts/${sha256}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** The sequencer's answer in OpenAI's error shape, as one line that names the field. */
async function refusal(response: Response): Promise<CommandError> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { message?: string; param?: string | null; code?: string | null } }
    | undefined;
  const { message = `HTTP ${response.status}`, param, code } = body?.error ?? {};
  const named = param && !message.startsWith(param) ? `${param}: ${message}` : message;
  const exitCode = response.status < 500 ? EXIT.usage : EXIT.failure;
  return new CommandError(code ?? `HTTP_${response.status}`, named, exitCode);
}

async function* serverSentEvents(response: Response) {
  const decoder = new TextDecoder();
  let buffer = '';
  for await (const chunk of response.body ?? []) {
    buffer += decoder.decode(chunk as Uint8Array, { stream: true });
    if (buffer.length > MAX_ANSWER_BYTES) {
      throw new CommandError('ANSWER_TOO_LARGE', 'the sequencer sends too much', EXIT.failure);
    }
    for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
      yield parseEvent(buffer.slice(0, end));
      buffer = buffer.slice(end + 2);
    }
  }
}

function parseEvent(block: string): { event: string; data: string } {
  const fields = { event: 'message', data: '' };
  for (const line of block.split('\n')) {
    const [name, ...rest] = line.split(':');
    if (name === 'event' || name === 'data') fields[name] = rest.join(':').replace(/^ /, '');
  }
  return fields;
}
