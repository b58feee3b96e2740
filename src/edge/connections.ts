import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a connection may take over what: see `LIMITS`. */
export type ConnectionLimits = Readonly<
  Record<'requestTimeoutMs' | 'headersTimeoutMs' | 'keepAliveTimeoutMs' | 'silenceTimeoutMs', number>
>;

/** Ends a connection on which nothing has moved while there is something to read; who waits for us is not let go. */
function endUnread(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}

/**
 * Limits what a client may keep waiting: its headers, its request, its next request, and its reading of an answer. Who does not
 * read is let go; who reads slowly but reads goes on, and so does who waits for an answer that takes long.
 */
export function limitConnections(server: Server, limits: ConnectionLimits): void {
  server.requestTimeout = limits.requestTimeoutMs;
  server.headersTimeout = limits.headersTimeoutMs;
  server.keepAliveTimeout = limits.keepAliveTimeoutMs;
  server.timeout = limits.silenceTimeoutMs;
  // Without this the server would end a connection whose answer is still being made.
  server.on('request', (_request, response: ServerResponse) => response.on('timeout', endUnread));
}
