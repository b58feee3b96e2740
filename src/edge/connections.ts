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
