import type { RequestError } from '../../core/errors.js';
import type { Texts } from '../../texts.js';
import type { ErrorRenderer, RouteRequest, RouteResponse } from '../route.js';
import { element } from './element.js';
import type { SentParameters } from './parameters.js';
import { readParameters } from './parameters.js';
import { readLanguage } from './parse.js';
import { renderAtom } from './render-atom.js';
import { renderJsonp } from './render-json.js';
import type { ResponseType } from './response-type.js';
import { chooseResponseType, contentTypeOf, readCallback } from './response-type.js';

/** The format an error is told in: the asked one, JSON where a callback cannot be trusted. */
function errorType(sent: SentParameters, accept: string | undefined, maxCallbackChars: number): ResponseType {
  try {
    const type = chooseResponseType(sent, accept, 'xml', true);
    if (type === 'jsonp') readCallback(sent, maxCallbackChars);
    return type === 'html' ? 'xml' : type;
  } catch {
    return 'json';
  }
}

/**
 * Renders an error of the infobutton service: `{ "error": { code, status, message } }`, the same in a callback, or an
 * `error` element with those three.
 */
export function createErrorRenderer(texts: Texts, maxCallbackChars: number): ErrorRenderer {
  return (error: RequestError, request: Pick<RouteRequest, 'parameters' | 'headers'>): RouteResponse => {
    const sent = readParameters(request.parameters);
    const message = texts(readLanguage(sent))(`errors.${error.code}`, error.values);
    const type = errorType(sent, request.headers.accept, maxCallbackChars);
    const { code, status } = error;
    const json = JSON.stringify({ error: { code, status, message } });
    const body = {
      json: () => json,
      jsonp: () => renderJsonp(json, readCallback(sent, maxCallbackChars)),
      xml: () => {
        const parts = [element('code', code), element('status', String(status)), element('message', message)];
        return renderAtom(element('error', parts));
      },
      html: () => json,
    }[type]();
    return { status, contentType: `${contentTypeOf(type)}; charset=utf-8`, body, facts: { outcome: code } };
  };
}
