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
    // The request is broken off by it, before anything is opened.
    if (isCompressed(answer[1])) throw new Error('compressed, which was not asked for');
    return this.#handler.onHeaders?.(...answer) ?? true;
  }
}

/**
 * Has a dispatcher take no compressed answers, which may be any size when they are opened: its own limit counts the bytes that
 * come. To ask for none binds nobody (RFC 9110, 12.5.3).
 */
export const uncompressed: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
  dispatch(options, new UncompressedHandler(handler));
