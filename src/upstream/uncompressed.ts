import type { Dispatcher } from 'undici';
import { DecoratorHandler } from 'undici';

type Handler = Dispatcher.DispatchHandlers;

const isCompressed = (headers: readonly (Buffer | string)[]): boolean =>
  headers.some((name, index) => {
    const isEncoding = index % 2 === 0 && String(name).toLowerCase() === 'content-encoding';
    return (
      isEncoding &&
      String(headers[index + 1])
        .trim()
        .toLowerCase() !== 'identity'
    );
  });

class UncompressedHandler extends DecoratorHandler {
  readonly #handler: Handler;

  constructor(handler: Handler) {
    super(handler);
    this.#handler = handler;
  }

  onHeaders(...answer: Parameters<NonNullable<Handler['onHeaders']>>): boolean {
    // Aborts the request before anything is decompressed.
    if (isCompressed(answer[1])) throw new Error('compressed although not requested');
    return this.#handler.onHeaders?.(...answer) ?? true;
  }
}

/**
 * Makes a dispatcher reject compressed responses, which may decompress to any size: its limit counts the received
 * bytes. A server may ignore Accept-Encoding (RFC 9110, 12.5.3).
 */
export const uncompressed: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, new UncompressedHandler(handler));
