import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { EXIT } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

/** The port asked for, which must be free; else the usual one, or any free one if that is taken. */
export async function choosePort(
  option: string,
  asked: string | undefined,
  usual: number,
): Promise<number> {
  if (asked === undefined) return (await isFree(usual)) ? usual : 0;
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CommandError('INVALID_INPUT', `${option}: not a port from 0 to 65535`, EXIT.usage);
  }
  await requireFree(option, port);
  return port;
}

/** `option` says where the port was asked for. */
export async function requireFree(option: string, port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new CommandError('PORT_IN_USE', `${option}: ${port} is in use`, EXIT.usage);
}

/** Below what systems give to outgoing connections: one of those could take a port while its owner restarts. */
const LISTENING = { from: 20_000, to: 32_000 } as const;

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(LISTENING.from, LISTENING.to);
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

/** The first of these places whose ports nobody has taken. */
export async function firstFree<T>(
  places: Iterable<T>,
  portsOf: (place: T) => readonly number[],
): Promise<T> {
  let tried = 0;
  for (const place of places) {
    if (++tried > MAX_PLACES) break;
    const free = await Promise.all(portsOf(place).map(isFree));
    if (!free.includes(false)) return place;
  }
  throw new CommandError('PORT_IN_USE', 'no free ports above those of this host', EXIT.failure);
}

const MAX_PLACES = 1000;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
