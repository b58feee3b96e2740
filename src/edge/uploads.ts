import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestError } from '../core/errors.js';

interface Upload {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly refuse: (error: RequestError) => void;
}

/** Requests whose bodies may still be on their way: a fault of their connection is reported as theirs. */
export class Uploads {
  readonly #bySocket = new WeakMap<Socket, Upload>();

  /** @param refuse answers the request with an error */
  follow(request: IncomingMessage, response: ServerResponse, refuse: Upload['refuse']): void {
    const { socket } = request;
    const upload = { request, response, refuse };
    this.#bySocket.set(socket, upload);
    response.once('close', () => {
      // A connection may live long, and the requests that came over it should not.
      if (request.complete && this.#bySocket.get(socket) === upload) this.#bySocket.delete(socket);
    });
  }

  /**
   * Rejects the request whose body is being sent over a connection, and closes the connection; an answered request keeps its answer.
   * @returns whether there is such a request
   */
  reject = (error: RequestError, socket: Socket): boolean => {
    const upload = this.#bySocket.get(socket);
    if (!upload || upload.request.complete) return false;
    const { response, refuse } = upload;
    response.shouldKeepAlive = false;
    if (response.headersSent) socket.destroySoon();
    else refuse(error);
    return true;
  };
}
