import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that another one's place is taken by: what it was asked, and what it answers from now on. */
export interface OtherServer {
  readonly url: string;
  readonly asked: { readonly url: string; readonly headers: IncomingMessage['headers'] }[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly stop: () => Promise<void>;
}

/** Answers with a resource. */
export function send(response: ServerResponse, resource: object, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' }).end(JSON.stringify(resource));
}

/** A `$translate` answer whose matches are `equivalence system|code`. */
export function translation(...matches: string[]): object {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'result', valueBoolean: matches.length > 0 },
      ...matches.map((match) => {
        const [equivalence = '', token = ''] = match.split(' ');
        const [system = '', code = ''] = token.split('|');
        return {
          name: 'match',
          part: [
            { name: 'equivalence', valueCode: equivalence },
            { name: 'concept', valueCoding: { system, code } },
          ],
        };
      }),
    ],
  };
}

export const NOT_FOUND = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'not-found' }],
};

/** Starts one on the loopback; it knows nothing until told otherwise. */
export async function startOther(): Promise<OtherServer> {
  const asked: OtherServer['asked'] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    other.answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const other: OtherServer = {
    url: `http://127.0.0.1:${port}/fhir`,
    asked,
    answer: (_request, response) => {
      send(response, NOT_FOUND, 404);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return other;
}
