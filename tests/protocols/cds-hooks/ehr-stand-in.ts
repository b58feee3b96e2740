import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Resource = Record<string, unknown>;

/** An EHR's FHIR server on the loopback: reads by id, searches by patient, pages of so many matches, one token. */
export interface EhrStandIn {
  /** Its base address. */
  readonly base: string;
  /** Addresses that were asked, below the base. */
  readonly asked: string[];
  /** Answers in the place of the server from now on; undefined: the server answers itself. */
  answerBy: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Matches of a page. */
  pageSize: number;
  readonly stop: () => Promise<void>;
}

export const EHR_TOKEN = 'the-token-of-one-launch';
const PATH = '/fhir/R4';

export const sendFhir = (response: ServerResponse, status: number, resource: object): void => {
  response.writeHead(status, { 'Content-Type': 'application/fhir+json' }).end(JSON.stringify(resource));
};

const outcome = (code: string): object => ({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code }] });

/** @param resources what it holds */
export async function startEhr(resources: readonly Resource[]): Promise<EhrStandIn> {
  const find = (response: ServerResponse, { pathname, searchParams, href }: URL): void => {
    const [type, id] = pathname.slice(PATH.length + 1).split('/');
    if (id !== undefined) {
      const found = resources.find((one) => one['resourceType'] === type && one['id'] === id);
      sendFhir(response, found ? 200 : 404, found ?? outcome('not-found'));
      return;
    }
    const matches = resources.filter((one) => one['resourceType'] === type);
    const from = Number(searchParams.get('_from') ?? 0);
    const next = new URL(href);
    next.searchParams.set('_from', String(from + ehr.pageSize));
    sendFhir(response, 200, {
      resourceType: 'Bundle',
      type: 'searchset',
      total: matches.length,
      link: from + ehr.pageSize < matches.length ? [{ relation: 'next', url: next.href }] : [],
      entry: matches.slice(from, from + ehr.pageSize).map((resource) => ({ resource, search: { mode: 'match' } })),
    });
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', new URL(ehr.base).origin);
    ehr.asked.push(`${url.pathname.slice(PATH.length)}${url.search}`);
    if (ehr.answerBy) ehr.answerBy(request, response);
    else if (request.headers.authorization !== `Bearer ${EHR_TOKEN}`) sendFhir(response, 401, outcome('login'));
    else find(response, url);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const ehr: EhrStandIn = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    asked: [],
    answerBy: undefined,
    pageSize: 10,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return ehr;
}
