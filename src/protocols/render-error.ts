import type { RequestError, ErrorCode } from '../core/errors.js';
import type { Language } from '../core/model/language.js';
import type { Texts } from '../texts.js';
import { element, renderXml } from './feed/atom.js';
import type { ErrorRenderer, RouteResponse } from './route.js';

/** Path of the page that explains each error. */
export const ERRORS_PATH = '/errors';

/** The address that explains an error: a heading of our own page. @param baseUrl without a slash at its end */
export const errorAddress = (baseUrl: string, code: ErrorCode): string => `${baseUrl}${ERRORS_PATH}#${code}`;

/** An error as JSON: `{ "error": { code, status, message } }`. */
export function renderErrorJson({ code, status }: RequestError, message: string): string {
  return JSON.stringify({ error: { code, status, message } });
}

/** An error as XML: an `error` element with the same three. */
export function renderErrorXml({ code, status }: RequestError, message: string): string {
  const parts = [element('code', code), element('status', String(status)), element('message', message)];
  return renderXml(element('error', parts));
}

/** Creates a renderer of errors in JSON or XML. @param choose the format and the language that the request asks for */
export const createErrorRenderer =
  (
    texts: Texts,
    choose: (request: Parameters<ErrorRenderer>[1]) => { readonly format: 'json' | 'xml'; readonly language: Language },
  ): ErrorRenderer =>
  (error, request): RouteResponse => {
    const { format, language } = choose(request);
    const message = texts(language)(`errors.${error.code}`, error.values);
    const body = (format === 'json' ? renderErrorJson : renderErrorXml)(error, message);
    const contentType = `application/${format}; charset=utf-8`;
    return { status: error.status, contentType, body, facts: { outcome: error.code } };
  };

/** Renders errors in English and JSON. */
export const jsonErrorRenderer = (texts: Texts): ErrorRenderer =>
  createErrorRenderer(texts, () => ({ format: 'json', language: 'en' }));
