import type { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { errorAddress } from '../../protocols/render-error.js';
import type { ErrorRenderer, HeaderKind, Route, RouteResponse } from '../../protocols/route.js';
import type { CachedAnswer } from './answer-cache.js';
import type { Encoding } from './encoding.js';
import { errorHeaders } from './headers.js';
import { toAnswer } from './send.js';

/** Facts of a request on which the bytes of its answer depend, beside what its handler returns. */
export interface AnswerFrame {
  readonly encoding: Encoding;
  /** Name of the release that is served. */
  readonly release: string;
}

/** Builds answers that can be sent and cached from responses of handlers and from errors. */
export class AnswerBuilder {
  /** Headers of each kind of route, names and values in turn. */
  readonly #headers: Readonly<Record<HeaderKind, readonly string[]>>;

  constructor(headers: Readonly<Record<HeaderKind, Readonly<Record<string, string>>>>) {
    const lists = Object.entries(headers).map(([kind, ofKind]) => [kind, Object.entries(ofKind).flat()]);
    this.#headers = Object.fromEntries(lists) as Record<HeaderKind, string[]>;
  }

  /**
   * Builds the answer of a response.
   * @param encoded its body in the client's encoding, if that is there already
   * @throws RequestError `answer-too-large`
   */
  build(response: RouteResponse, route: Route, { encoding, release }: AnswerFrame, encoded?: Buffer): CachedAnswer {
    const ofKind = this.#headers[response.headerKind ?? route.headerKind];
    const common = [...ofKind, 'X-Library-Release', release];
    return toAnswer(response, common, route, encoding, LIMITS.compressFromBytes, encoded);
  }

  /** Builds the answer of an error, in the client's format. */
  buildError(
    error: RequestError,
    route: Route,
    request: Parameters<ErrorRenderer>[1],
    frame: AnswerFrame,
  ): CachedAnswer {
    const rendered = route.renderError(error, request);
    // RFC 8288, and HTML's link type `help`. A script that gets an error as 200 cannot read it; a redirect has an address of its own.
    const help = rendered.status < 400 ? {} : { Link: `<${errorAddress(request.baseUrl, error.code)}>; rel="help"` };
    const headers = { ...rendered.headers, ...help, ...errorHeaders(error, route) };
    return this.build({ ...rendered, headers }, route, frame);
  }
}
