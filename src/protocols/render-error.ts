import type { RequestError } from '../core/errors.js';
import { element } from './element.js';
import { renderXml } from './render-xml.js';

/** An error as JSON: `{ "error": { code, status, message } }`. */
export function renderErrorJson({ code, status }: RequestError, message: string): string {
  return JSON.stringify({ error: { code, status, message } });
}

/** An error as XML: an `error` element with the same three. */
export function renderErrorXml({ code, status }: RequestError, message: string): string {
  const parts = [element('code', code), element('status', String(status)), element('message', message)];
  return renderXml(element('error', parts));
}
