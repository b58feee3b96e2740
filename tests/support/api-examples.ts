import type { ApiDocument } from './openapi/document.js';
import { describedMethods, operationId } from './openapi/document.js';
import type { Route } from '../../src/protocols/route.js';
import { ask } from '../http/ask.js';

type Operation = ApiDocument['paths'][string][string];

/** The document of a server's addresses. */
export const apiOf = async (url: string): Promise<ApiDocument> =>
  JSON.parse((await ask(url, '/openapi.json')).text) as ApiDocument;

export const operationsOf = (api: ApiDocument): { method: string; path: string; operation: Operation }[] =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** Every example call of the routes, as a request can be made of it, with what is told of its answer. */
export function examplesOf(api: ApiDocument, routes: readonly Route[]) {
  const byId = new Map(operationsOf(api).map((one) => [one.operation.operationId, one]));
  return routes.flatMap((route) =>
    describedMethods(route).flatMap(([method, { examples }]) => {
      const one = byId.get(operationId(method, route.path));
      if (!one) throw new Error(`not in the document: ${method} ${route.path}`);
      return examples.map(({ address, headers = {}, body, status, contentType }) => ({
        method,
        address: address.replaceAll(' ', '%20'),
        asking: { method, headers, ...(body === undefined ? {} : { body }) },
        told: { path: one.path, operation: one.operation, status, contentType },
      }));
    }),
  );
}
