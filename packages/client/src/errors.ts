import { SemblanceError } from '@semblance/core/errors';

/**
 * The chain refused a transaction or a query. `chainCode`, `codespace` and `log` are the chain's
 * own words; `txHash` is set when a transaction was executed and failed.
 */
export class ChainError extends SemblanceError<
  'CHAIN_REFUSED',
  { chainCode: number; codespace: string; log: string; txHash?: string }
> {
  constructor(refusal: { chainCode: number; codespace: string; log: string; txHash?: string }) {
    const { chainCode, codespace, log } = refusal;
    super('CHAIN_REFUSED', `${codespace || 'chain'} ${chainCode}: ${log}`, refusal);
  }

  get chainCode(): number {
    return this.details.chainCode;
  }

  get codespace(): string {
    return this.details.codespace;
  }

  get log(): string {
    return this.details.log;
  }
}

/** No answer from the RPC server: refused, reset, timed out or not JSON-RPC. Worth another try. */
export class UnreachableError extends SemblanceError<'UNREACHABLE', { url: string }> {
  constructor(url: string, reason: string, options?: { cause?: unknown }) {
    super('UNREACHABLE', `${url}: ${reason}`, { url }, options);
  }
}

/** The RPC server answered with a JSON-RPC error. */
export class RpcError extends SemblanceError<'RPC', { method: string; rpcCode: number }> {
  constructor(method: string, rpcCode: number, message: string) {
    super('RPC', `${method}: ${message}`, { method, rpcCode });
  }
}

/**
 * A transaction was sent and no block with it was seen in time. It may still be included: ask the
 * chain's state before sending anything that must happen once.
 */
export class NotIncludedError extends SemblanceError<'NOT_INCLUDED', { txHash: string }> {
  constructor(txHash: string, reason: string) {
    super('NOT_INCLUDED', `transaction ${txHash}: ${reason}`, { txHash });
  }
}
