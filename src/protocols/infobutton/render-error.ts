import type { RequestError } from '../../core/errors.js';
import type { Texts } from '../../texts.js';
import { renderErrorJson, renderErrorXml } from '../render-error.js';
import { NO_STORE, type ErrorRenderer, type RouteResponse } from '../route.js';
import { readParameters, type SentParameters } from './parameters.js';
import { readLanguage } from './parse.js';
import { renderJsonp } from './render-json.js';
import { chooseResponseType, findContentType, readCallback, type Dialect, type ResponseType } from './response-type.js';

/**
 * A browser runs no script of a 4xx or 5xx: an error by JSONP is sent with status 200, so that its callback hears of it. These
 * keep their own: a closed service answers no script at all, since that cannot send a token, nor does one under a foreign name.
 */
const FOR_HTTP: ReadonlySet<number> = new Set([401, 403, 421]);

/** The format of an error: the requested one, JSON if a callback cannot be trusted. */
function errorType(
  dialect: Dialect,
  sent: SentParameters,
  accept: string | undefined,
  maxCallbackChars: number,
): ResponseType {
  try {
    const type = chooseResponseType(sent, accept, dialect);
    if (type === 'jsonp') readCallback(sent, maxCallbackChars);
    return type;
  } catch {
    return 'json';
  }
}

/**
 * Renders an error of the infobutton service: `{ "error": { code, status, message } }`, the same in a callback (with status 200,
 * but for those of `FOR_HTTP`), or an `error` element with those three; as HTML, the page with its search box.
 */
export function createInfobuttonErrorRenderer(
  dialect: Dialect,
  texts: Texts,
  maxCallbackChars: number,
  page: ErrorRenderer,
): ErrorRenderer {
  return (error: RequestError, request): RouteResponse => {
    const sent = readParameters(request.parameters);
    const message = texts(readLanguage(sent))(`errors.${error.code}`, error.values);
    const type = errorType(dialect, sent, request.headers.accept, maxCallbackChars);
    if (type === 'html') return page(error, request);
    const { code, status } = error;
    const json = renderErrorJson(error, message);
    const body = {
      json: () => json,
      jsonp: () => renderJsonp(json, readCallback(sent, maxCallbackChars)),
      xml: () => renderErrorXml(error, message),
    }[type]();
    const contentType = `${findContentType(type)}; charset=utf-8`;
    const headers = { 'Cache-Control': NO_STORE };
    if (type !== 'jsonp' || FOR_HTTP.has(status)) {
      return { status, contentType, body, headers, facts: { outcome: code } };
    }
    return { status: 200, contentType, body, headers, facts: { outcome: code, status } };
  };
}
