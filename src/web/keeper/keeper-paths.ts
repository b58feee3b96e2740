import type { KeeperDesk, KeeperItem } from '../../core/keeping/desk.js';
import type { RouteRequest } from '../../protocols/route.js';

/** The curators' pages. */
export const KEEPER_PATH = '/keeper';

/** The form for a new handout. */
export const NEW_PATH = `${KEEPER_PATH}/new`;

/** The desk as the pages use it: a change is made by the request's person. */
export type Desk = KeeperDesk<Pick<RouteRequest, 'access' | 'now' | 'baseUrl'> & { readonly inFlight: undefined }>;

/** The path of the page of one handout or mapping. */
export const caseUrl = ({ type, id }: Pick<KeeperItem, 'type' | 'id'>): string => `${KEEPER_PATH}/${type}/${id}`;

/** The request without the keeper's own department, which is a field of its forms and not the page's department. */
export const withoutForm = (request: RouteRequest): RouteRequest =>
  request.method === 'POST'
    ? { ...request, parameters: request.parameters.filter(([name]) => name !== 'department') }
    : request;
