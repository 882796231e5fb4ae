import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { internalError } from './errors.ts';
import {
  answerRequest,
  failure,
  parseRequest,
  parseText,
  type RpcRequest,
  reported,
  success,
} from './json-rpc.ts';
import { LIMITS } from './limits.ts';
import type { RpcNode } from './node.ts';
import { Subscriptions } from './subscriptions.ts';

/** Close code for a peer that breaks the rules of the server (RFC 6455, 7.4.1). */
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** Serves sockets that someone else upgrades: every method, and subscriptions. */
export function webSocketServer(node: RpcNode): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.bodyBytes,
    perMessageDeflate: false,
  });
  server.on('connection', (socket) => {
    if (server.clients.size > LIMITS.sockets) socket.close(POLICY_VIOLATION, 'too many sockets');
    else serve(node, socket);
  });
  const pings = setInterval(() => pingAll(server), LIMITS.pingMs);
  server.on('close', () => clearInterval(pings));
  return server;
}

export function closeSockets(server: WebSocketServer): void {
  for (const socket of server.clients) {
    socket.close(GOING_AWAY, 'the node is stopping');
    socket.terminate();
  }
  server.close();
}

const silent = new WeakSet<WebSocket>();

/** A socket that has not answered the ping before is dead. */
function pingAll(server: WebSocketServer): void {
  for (const socket of server.clients) {
    if (silent.has(socket)) socket.terminate();
    silent.add(socket);
    socket.ping();
  }
}

function serve(node: RpcNode, socket: WebSocket): void {
  const send = (text: string) => {
    // Who does not read must not make this process remember everything for it.
    if (socket.bufferedAmount > LIMITS.unreadBytes) socket.terminate();
    else if (text !== '') socket.send(text);
  };
  const subscriptions = new Subscriptions(node, send);
  let inFlight = 0;
  const onMessage = async (data: RawData) => {
    const request = readRequest(node, data, send);
    if (request === undefined) return;
    if (inFlight >= LIMITS.inFlightPerSocket) {
      send(failure(request.id ?? null, internalError('too many requests at once')));
      return;
    }
    inFlight++;
    const text = await answerOn(node, subscriptions, request);
    inFlight--;
    send(text);
  };
  socket.on('message', (data) => {
    onMessage(data).catch(node.report);
  });
  socket.on('pong', () => silent.delete(socket));
  socket.on('close', () => subscriptions.unsubscribeAll());
  // A broken frame or a reset: the socket closes by itself, and that is all there is to do.
  socket.on('error', () => socket.terminate());
}

function readRequest(
  node: RpcNode,
  data: RawData,
  send: (text: string) => void,
): RpcRequest | undefined {
  try {
    return parseRequest(parseText((data as Buffer).toString()));
  } catch (error) {
    send(failure(null, reported(node, error)));
    return undefined;
  }
}

async function answerOn(
  node: RpcNode,
  subscriptions: Subscriptions,
  request: RpcRequest,
): Promise<string> {
  const change = changeOf(subscriptions, request);
  if (change === undefined) return answerRequest(node, request);
  try {
    change();
    return success(request.id ?? null, {});
  } catch (error) {
    return failure(request.id ?? null, reported(node, error));
  }
}

function changeOf(subscriptions: Subscriptions, request: RpcRequest): (() => void) | undefined {
  switch (request.method) {
    case 'subscribe':
      return () => subscriptions.subscribe(request);
    case 'unsubscribe':
      return () => subscriptions.unsubscribe(request);
    case 'unsubscribe_all':
      return () => subscriptions.unsubscribeAll();
    default:
      return undefined;
  }
}
