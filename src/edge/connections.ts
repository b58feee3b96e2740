import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';

/** How long a connection may take over what: see `LIMITS`. */
export type ConnectionLimits = Readonly<
  Record<'requestTimeoutMs' | 'headersTimeoutMs' | 'keepAliveTimeoutMs' | 'silenceTimeoutMs', number>
>;

/** Closes a connection whose client stopped reading. Idle keep-alive connections stay open. */
function endUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/**
 * Limits how long a client may take to send its headers, its request or its next request, and to read an answer. A connection whose
 * client stopped reading is closed; one whose client reads slowly, or waits for an answer that takes long, stays open.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.requestTimeout = limits.requestTimeoutMs;
  server.headersTimeout = limits.headersTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = limits.silenceTimeoutMs;
  // Without this the server would end a connection whose answer is still being made.
  server.on('request', (_request, response: ServerResponse) => response.on('timeout', endUnread));
}

/** A turn of the event loop that takes no longer than this leaves no time for connections to arrive unseen. */
const QUIET_TURN_MS = 0.5;
/** The listener is closed after this time, even if connections keep arriving. */
const LONGEST_ACCEPTING_MS = 500;

/**
 * Closes a listener when every connection that reached it is accepted: those that are not would be reset, with the requests
 * that their clients have sent by then. Connections that arrive meanwhile are only accepted, which is quick, and are served once
 * the listener is closed.
 * Fulfilled when all connections are gone.
 */
async function closeListener(server: Server): Promise<void> {
  const serve = server.listeners('connection') as ((socket: Socket) => void)[];
  const arrived: Socket[] = [];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => arrived.push(socket));
  const giveUp = performance.now() + LONGEST_ACCEPTING_MS;
  for (let isQuiet = false; !isQuiet && performance.now() < giveUp;) {
    const [count, began] = [arrived.length, performance.now()];
    await setImmediate();
    isQuiet = arrived.length === count && performance.now() - began < QUIET_TURN_MS;
  }
  const closed = new Promise((resolve) => server.close(resolve));
  server.removeAllListeners('connection');
  for (const listener of serve) server.on('connection', listener);
  for (const socket of arrived) server.emit('connection', socket);
  await closed;
}

/**
 * Creates what stops a server without losing a request. For `delayMs` it still accepts requests while `/readyz` is 503
 * and every answer closes its connection: a load balancer finds out and has no idle connection left that could be
 * closed under a request. Then no new connection is accepted, idle connections are closed at once, busy ones behind
 * their answer, all of them after `timeoutMs` more.
 * @param markStopping marks the server as stopping: `/readyz` reports it from then on
 */
export function createStop(
  server: Server,
  timeoutMs: number,
  markStopping: () => void,
): (delayMs: number) => Promise<void> {
  return async (delayMs) => {
    markStopping();
    server.prependListener('request', (_request, response) => {
      response.shouldKeepAlive = false;
    });
    if (delayMs > 0) await wait(delayMs);
    const force = setTimeout(() => {
      server.closeAllConnections();
    }, timeoutMs);
    await closeListener(server);
    clearTimeout(force);
  };
}
