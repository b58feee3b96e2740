import type { ApiDocument } from '../../src/protocols/openapi/document.js';
import { ask } from '../http/ask.js';

type Operation = ApiDocument['paths'][string][string];

/** The document of a server's addresses. */
export const apiOf = async (url: string): Promise<ApiDocument> =>
  JSON.parse((await ask(url, '/openapi.json')).text) as ApiDocument;

export const operationsOf = (api: ApiDocument): { method: string; path: string; operation: Operation }[] =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** Every example of the document, as a request can be made of it, with what is told of its answer. */
export const examplesOf = (api: ApiDocument) =>
  operationsOf(api).flatMap(({ method, path, operation }) =>
    operation['x-examples'].map(({ address, headers = {}, body, status, contentType }) => ({
      method,
      address: address.replaceAll(' ', '%20'),
      asking: { method, headers, ...(body === undefined ? {} : { body }) },
      told: { path, operation, status, contentType },
    })),
  );
