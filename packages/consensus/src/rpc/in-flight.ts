import type { Server, ServerResponse } from 'node:http';

/** Knows which answers of an HTTP server are not sent yet. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>();
  #onEmpty: (() => void) | undefined;

  constructor(http: Server) {
    http.prependListener('request', (_request, response) => {
      this.#responses.add(response);
      response.once('close', () => this.#done(response));
    });
  }

  /** Resolves when all are sent, or given up by their clients, or after `graceMs`. */
  async drained(graceMs: number): Promise<void> {
    if (this.#responses.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    const grace = setTimeout(resolve, graceMs);
    await promise;
    clearTimeout(grace);
  }

  #done(response: ServerResponse): void {
    this.#responses.delete(response);
    if (this.#responses.size === 0) this.#onEmpty?.();
  }
}
