import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

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
