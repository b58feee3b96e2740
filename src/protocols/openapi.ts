import { readFileSync } from 'node:fs';
import { rememberLast } from '../core/remember.js';
import { findOwn } from '../core/find-own.js';
import type { Texts } from '../texts.js';
import { jsonErrorRenderer } from './render-error.js';
import { listAnswered, type Answering, type Route } from './route.js';
import { describeBy } from './route-document.js';

/** An OpenAPI 3.1 document, as far as it depends on the server. */
interface ApiFile {
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** Facts of a server that its document states. */
interface ApiFacts {
  readonly title: string;
  readonly version: string;
  readonly texts: Texts;
  /** Every other address of the server. */
  readonly others: readonly (Pick<Route, 'path'> & Answering)[];
}

/** Reads the whole interface, with every setting on, which tests/house/openapi.test.ts writes. */
const readFile = (): ApiFile =>
  JSON.parse(readFileSync(new URL('../../resources/openapi.json', import.meta.url), 'utf8')) as ApiFile;

const PATH = '/openapi.json';

/** `/fhir/ValueSet/:id` → `/fhir/ValueSet/{id}`. */
export const toTemplate = (path: string): string => path.replace(/[:*](\w+)/g, '{$1}');

/** The description of the interface for programs (OpenAPI 3.1), in English as FHIR's definitions are: the methods that this server answers. */
export function openApiRoute({ title, version, texts, others }: ApiFacts): Route {
  const writeDocument = (baseUrl: string): string => {
    const { info, paths, ...rest } = readFile();
    const answered = [...others, route].flatMap((one) => {
      const path = toTemplate(one.path);
      const methods = listAnswered(one).flatMap((method) => {
        const name = method.toLowerCase();
        const operation = findOwn(findOwn(paths, path), name);
        return operation ? [[name, operation] as const] : [];
      });
      return methods.length === 0 ? [] : [[path, Object.fromEntries(methods)] as const];
    });
    const document = { info: { ...info, title, version }, servers: [{ url: baseUrl }] };
    return JSON.stringify({ ...rest, ...document, paths: Object.fromEntries(answered) });
  };
  const documentAt = rememberLast(writeDocument);
  const route: Route = {
    path: PATH,
    protocol: 'openapi',
    headerKind: 'api',
    get: async ({ baseUrl }) => ({
      status: 200,
      contentType: 'application/json; charset=utf-8',
      body: documentAt(baseUrl),
      facts: { outcome: 'ok' },
    }),
    renderError: jsonErrorRenderer(texts),
    cacheable: { names: new Set(), anyCase: false },
    document: describeBy('interface')('document'),
  };
  return route;
}
