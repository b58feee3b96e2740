import type { Server } from 'node:http';

/** Waits, and then until what has arrived in the meantime is accepted: a listener that is closed resets what it has not. */
async function waitForBalancer(delayMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  // Immediates run right behind the poll for new connections.
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Makes what ends a server without losing a request. For `delayMs` it still takes requests while `/readyz` is 503 and every
 * answer closes its connection: a load balancer finds out and has no idle connection left that could be closed under a
 * request. Then nothing new is taken, idle connections are closed at once, busy ones behind their answer, all of them after
 * `timeoutMs` more.
 * @param markStopping tells the edge that no new work is wanted: `/readyz` says so from then on
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
    if (delayMs > 0) await waitForBalancer(delayMs);
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => {
        server.closeAllConnections();
      }, timeoutMs);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      server.closeIdleConnections();
    });
  };
}
