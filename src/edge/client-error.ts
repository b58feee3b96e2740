import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ERRORS } from '../core/errors.js';
import type { ErrorCode } from '../core/errors.js';

interface ParseError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

function errorCode({ code, rawPacket }: ParseError): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  if (code !== 'HPE_HEADER_OVERFLOW') return 'bad-request';
  // Where the request line has not even ended, it is the address that is too long.
  return rawPacket?.includes(' HTTP/1.') ? 'headers-too-large' : 'address-too-long';
}

/** Answers what is not HTTP enough to become a request, and closes the connection. */
export function refuseConnection(error: ParseError, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const code = errorCode(error);
  const { status } = ERRORS[code];
  const body = JSON.stringify({ error: { code, status } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Content-Type-Options: nosniff\r\n\r\n${body}`,
  );
}
