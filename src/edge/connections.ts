import type { Server } from 'node:http';

/** How long a connection may take over what. */
export interface ConnectionLimits {
  readonly requestTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly silenceTimeoutMs: number;
}

/**
 * Limits what a client may keep waiting: its headers, its request, its next request, and its reading of an answer. A connection
 * on which nothing moves, neither way, is closed; who reads slowly but reads goes on.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.requestTimeout = limits.requestTimeoutMs;
  server.headersTimeout = limits.headersTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = limits.silenceTimeoutMs;
}

/** Ends a server: idle connections at once, busy ones when their request is done, all of them after a while. */
export function createStop(server: Server, timeoutMs: number, markStopping: () => void): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      markStopping();
      const force = setTimeout(() => {
        server.closeAllConnections();
      }, timeoutMs);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      server.closeIdleConnections();
    });
}
