import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in an instance's place, which does what the test wants. */
export async function standIn(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
export const portOf = (server: Server): number => (server.address() as AddressInfo).port;
export const endStandIn = (server: Server): void => {
  server.closeAllConnections();
  server.close();
};

/** Reads a request to its end, then says how many bytes it had. */
export const bodyOf = (request: IncomingMessage, then: (bytes: number) => void): void => {
  let bytes = 0;
  request.on('data', (part: Buffer) => (bytes += part.length));
  request.on('end', () => {
    then(bytes);
  });
};
