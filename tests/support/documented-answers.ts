import type { IncomingHttpHeaders, IncomingMessage, OutgoingMessage, ServerResponse } from 'node:http';
import type { ApiDocument, ApiPath } from './openapi/document.js';
import type { ConnectorServer } from '../../src/server.js';

/** An answer as a client saw it. */
export interface SeenAnswer {
  readonly method: string;
  /** Path, with or without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** Headers that the document must name where they are sent. */
const TOLD_HEADERS = [
  ...['allow', 'content-disposition', 'content-language', 'etag', 'last-modified', 'link', 'location', 'retry-after'],
  ...['www-authenticate', 'x-answer', 'x-library-release'],
];

const segmentsOf = (path: string): string[] => path.replace(/(?<=.)\/$/, '').split('/');
const isParameter = (segment: string): boolean => segment.startsWith('{');

/** The methods that the document has for a path: literal segments go before parameters. */
function findPath(api: ApiDocument, path: string): ApiPath | undefined {
  const own = segmentsOf(path.split('?', 1)[0] ?? '');
  const found = Object.keys(api.paths)
    .map((template) => ({ template, segments: segmentsOf(template) }))
    .filter(
      ({ segments }) =>
        segments.length === own.length &&
        segments.every((one, index) => one === own[index] || (isParameter(one) && own[index] !== '')),
    )
    .sort((a, b) => a.segments.filter(isParameter).length - b.segments.filter(isParameter).length);
  return found[0] && api.paths[found[0].template];
}

const matches = (range: string, type: string): boolean =>
  range === type || range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

/** Part of an answer that the document does not describe; undefined where it describes all, or no such call. */
export function complaintByDocument(
  api: ApiDocument,
  { method, path, status, headers }: SeenAnswer,
): string | undefined {
  const operation = findPath(api, path)?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  if (!operation) return undefined;
  const told = operation.responses[status];
  if (!told) return `${operation.operationId}: ${status}`;
  const type = (headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  const isTold = type === '' || Object.keys(told.content ?? {}).some((range) => matches(range, type));
  if (!isTold) return `${operation.operationId}: ${status} ${type}`;
  const names = Object.keys(told.headers).map((name) => name.toLowerCase());
  const missing = TOLD_HEADERS.filter((name) => headers[name] !== undefined && !names.includes(name));
  return missing.length > 0 ? `${operation.operationId}: ${status} ${missing.join()}` : undefined;
}

/** The headers that a response was sent with, however they were set. */
function sentHeaders(response: ServerResponse): Record<string, string> {
  const head = (response as OutgoingMessage & { readonly _header?: string })._header ?? '';
  return Object.fromEntries(
    head.split('\r\n').flatMap((line) => {
      const [, name = '', value = ''] = /^([^:\s]+): (.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

/** The documents that servers of this worker served, by what they follow from. */
const documents = new Map<string, ApiDocument>();

/** Parts that differ from server to server and change nothing by which answers are judged: its temporary folder, and ports. */
const PASSING = /education-connect-\w+|(?<=(?:127\.0\.0\.1|localhost):)\d+/g;

/** Follows the answers of a server and judges them by its OpenAPI document. */
export class DocumentedAnswers {
  readonly #seen = new Map<string, SeenAnswer>();
  readonly #routes: ConnectorServer['routes'];
  readonly #env: string;

  /** @param env the environment of the server: servers with the same one and the same routes serve the same document */
  constructor({ server, routes }: Pick<ConnectorServer, 'server' | 'routes'>, env: Readonly<Record<string, string>>) {
    this.#routes = routes;
    this.#env = JSON.stringify(env).replaceAll(PASSING, '');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      response.on('finish', () => {
        const { method = '', url = '' } = request;
        const [path = ''] = url.split('?', 1);
        const answer = { method, path, status: response.statusCode, headers: sentHeaders(response) };
        this.#seen.set(`${method} ${path} ${answer.status} ${answer.headers['content-type'] ?? ''}`, answer);
      });
    });
  }

  /** Answers that the document does not describe: status, media type or header. */
  async findUndocumented(): Promise<string[]> {
    if (this.#seen.size === 0) return [];
    const api = await this.#readDocument();
    const complaints = [...this.#seen.values()].map((answer) => complaintByDocument(api, answer));
    return [...new Set(complaints.filter((one) => one !== undefined))];
  }

  /** The server's document. To write it takes longer than many suites do. */
  async #readDocument(): Promise<ApiDocument> {
    const shapes = this.#routes.map((route) => `${route.path} ${Object.keys(route).join()}`);
    const key = [this.#env, ...shapes].join('\n');
    let document = documents.get(key);
    if (document === undefined) {
      const get = this.#routes.find(({ path }) => path === '/openapi.json')?.get;
      const now = new Date();
      const asked = { method: 'GET', path: '', query: '', parameters: [], pathParameters: {}, headers: {} } as const;
      const answered = await get?.({ ...asked, now, baseUrl: 'http://localhost' });
      document = JSON.parse(String(answered?.body)) as ApiDocument;
      documents.set(key, document);
    }
    return document;
  }
}
