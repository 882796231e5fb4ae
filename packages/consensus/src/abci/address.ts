import { isAbsolute } from 'node:path';
import { InvalidInputError } from '@semblance/core/errors';

/** Where an application listens for its engine. */
export type AbciAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/** `sun_path` of Linux and, a little shorter, of macOS. */
const MAX_PATH_BYTES = 103;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * Reads `unix:///run/semblance.sock` or `tcp://127.0.0.1:26658`. Whoever reaches the socket can
 * drive the chain's application, so no address but loopback is taken.
 */
export function parseAbciAddress(text: string): AbciAddress {
  const [, protocol, rest] = /^(unix|tcp):\/\/(.+)$/.exec(text) ?? [];
  if (protocol === 'unix') return unixAddress(rest as string);
  if (protocol === 'tcp') return tcpAddress(rest as string);
  throw new InvalidInputError('address', 'neither unix://PATH nor tcp://HOST:PORT');
}

export function formatAbciAddress(address: AbciAddress): string {
  if (address.kind === 'unix') return `unix://${address.path}`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `tcp://${host}:${address.port}`;
}

function unixAddress(path: string): AbciAddress {
  if (!isAbsolute(path)) throw new InvalidInputError('address', 'the path is not absolute');
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    const reason = `a socket's path may take ${MAX_PATH_BYTES} bytes; use tcp://127.0.0.1:26658`;
    throw new InvalidInputError('address', reason);
  }
  return { kind: 'unix', path };
}

function tcpAddress(rest: string): AbciAddress {
  const [, inBrackets, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(rest) ?? [];
  const host = inBrackets ?? plain ?? '';
  const port = Number(digits);
  if (!LOOPBACK.includes(host)) {
    throw new InvalidInputError('address', `not on loopback: ${LOOPBACK.join(' or ')}`);
  }
  if (!(port <= 65_535)) throw new InvalidInputError('address', 'not a port from 0 to 65535');
  return { kind: 'tcp', host, port };
}
