import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RequestError, type ErrorCode } from '../../core/errors.js';
import type { RouteResponse } from '../../protocols/route.js';
import { type Ledger, identifyRequest } from '../observe/ledger.js';
import type { Uploads } from '../uploads.js';

interface ParseError extends Error {
  readonly code?: string;
  /** The last packet: the beginning of the request if that came in one piece. */
  readonly rawPacket?: Buffer;
}

/** The method if the packet has the beginning of the request, the address or its rest, the end of the line. */
const REQUEST_LINE = /^(?:[A-Z]+ )?([^\s:]*)( HTTP\/1\.[01]\r?\n)?/;

const readPacket = ({ rawPacket }: ParseError): string => rawPacket?.toString('latin1') ?? '';

function errorCode(error: ParseError, maxAddressChars: number): ErrorCode {
  const { code } = error;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  if (code !== 'HPE_HEADER_OVERFLOW') return 'bad-request';
  const packet = readPacket(error);
  const [line = '', address = '', end] = REQUEST_LINE.exec(packet) ?? [];
  // The line continues after the packet, or ends here after an address that is too long.
  const isAddress = end === undefined ? line.length === packet.length : address.length > maxAddressChars;
  return isAddress ? 'address-too-long' : 'headers-too-large';
}

/** Renders an error in the format of the protocol whose address begins the packet; undefined for any other address. */
export type RefusalRenderer = (
  error: RequestError,
  address: string,
) => Pick<RouteResponse, 'contentType' | 'body'> | undefined;

type ConnectionRefusal = (error: ParseError, socket: Socket) => void;

const NO_REQUEST = { protocol: 'none', route: '', method: '', matchKinds: '', cache: 'off', sent: true } as const;

/**
 * Answers input that cannot be parsed as a request, closes the connection, and logs and counts it like a request. A request that
 * fails in its body is being followed already, and gets the error itself.
 */
export function createConnectionRefusal(
  ledger: Ledger,
  maxAddressChars: number,
  render: RefusalRenderer,
  uploads: Uploads,
): ConnectionRefusal {
  return (error, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const code = errorCode(error, maxAddressChars);
    const refusal = new RequestError(code, { most: maxAddressChars });
    if (uploads.reject(refusal, socket)) return;
    const { status } = refusal;
    // The request cannot be read, nor an id in it.
    const ids = identifyRequest(undefined);
    ledger.write({ ...NO_REQUEST, status, outcome: code }, ids.requestId, 0);
    const [, address = ''] = REQUEST_LINE.exec(readPacket(error)) ?? [];
    const { contentType, body } = render(refusal, address) ?? {
      contentType: 'application/json; charset=utf-8',
      body: JSON.stringify({ error: { code, status } }),
    };
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${ids.requestId}`,
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body.toString()}`);
  };
}

/** Rejects a tunnel (CONNECT): we offer none, and Node leaves the connection to us. */
function rejectTunnel(stream: Duplex, refuse: ConnectionRefusal): void {
  // Without this a client that resets it would end the process.
  stream.on('error', () => stream.destroy());
  if (!(stream instanceof Socket)) {
    stream.destroy();
    return;
  }
  refuse(new Error('there are no tunnels'), stream);
  stream.destroySoon();
}

/**
 * Routes malformed requests through our error renderer; Node would drop them silently.
 * @param refuse for a connection without a request that can be read
 * @param refuseRequest for a request that is well-formed otherwise
 */
export function refuseMalformed(
  server: Server,
  refuse: ConnectionRefusal,
  refuseRequest: (request: IncomingMessage, response: ServerResponse, error: RequestError) => void,
): void {
  server.on('clientError', refuse);
  server.on('connect', (_request: IncomingMessage, stream: Duplex) => {
    rejectTunnel(stream, refuse);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    refuseRequest(request, response, new RequestError('bad-request'));
  });
}
