import type { Language } from '../../core/model/language.js';
import type { RouteRequest } from '../../protocols/route.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { createPageContext } from '../page-context.js';
import type { SessionRequest } from './session-request.js';

/** The page of a session; nothing of another basket is on it. @param path where it is; undefined: the session's own */
export function pageOfSession(
  request: RouteRequest,
  { launched }: SessionRequest,
  options: PageOptions,
  path = launched,
  { query = {}, language }: { readonly query?: Record<string, string>; readonly language?: Language | undefined } = {},
): PageContext {
  return { ...createPageContext(options, request, { path, query, basket: [] }, language), launched };
}
