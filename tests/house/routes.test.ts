import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findArea } from '../../src/protocols/read-areas.js';
import type { Route } from '../../src/protocols/route.js';
import { listAnswered } from '../../src/protocols/route.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { describeRoute } from '../support/openapi/describe-route.js';

const TOKEN = 'routes-write-token-0123456789';
/** Rows that any client may read: those that describe the server, and the files of its pages. */
const OPEN = [
  ...['/.well-known/smart-configuration', '/assets/:file', '/errors', '/fhir/.well-known/smart-configuration'],
  ...['/fhir/metadata', '/healthz', '/openapi.json', '/readyz', '/site-logo'],
  // Launches: an EHR signs its users in, and a session is its pages' authentication.
  '/.well-known/jwks.json',
  '/callback',
  '/launch',
  '/launched/:session',
  '/launched/:session/done',
  '/launched/:session/given',
  '/launched/:session/given/:entry',
  '/launched/:session/given/:entry/again',
  '/launched/:session/given/:entry/error',
  '/launched/:session/handout',
  '/launched/:session/given-to-you',
  '/launched/:session/handout.html',
  '/launched/:session/handout.pdf',
].sort();

let connector: TestConnector;
let routes: readonly Route[];
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN, REQUIRE_AUTHENTICATION: 'all' } });
  ({ routes } = connector);
});
afterAll(() => connector.stop());

const pathsWhere = (matches: (route: Route) => boolean): string[] =>
  routes
    .filter(matches)
    .map(({ path }) => path)
    .sort();

describe('every row', () => {
  test('has one address, and answers something there', () => {
    const paths = routes.map(({ path }) => path);
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
    expect(pathsWhere((route) => listAnswered(route).length === 0)).toEqual(['/fhir/*rest']);
  });

  test('describes the methods that it answers, and no other', () => {
    const described = (route: Route): string[] => Object.keys(describeRoute(route)?.methods ?? {}).sort();
    const told = routes.map((route) => [route.path, described(route)]);
    expect(told).toEqual(routes.map((route) => [route.path, listAnswered(route).sort()]));
  });

  test('belongs to an area that can be closed, but for what is open to everyone', () => {
    expect(pathsWhere((route) => findArea(route) === undefined)).toEqual(OPEN);
  });

  test('says what writing it needs', () => {
    const writing = ({ neededRights }: Route, method: 'POST' | 'PUT' | 'DELETE') =>
      neededRights?.(method, {}).some(({ rights }) => rights.some((right) => 'cud'.includes(right))) ?? false;
    // Drafts and reviews are read by those who may write.
    const isForWriters = ({ path }: Route): boolean => /^\/keeper\.|\/\$drafts$/.test(path);
    const writes = routes
      .filter((route) => !isForWriters(route))
      .flatMap((route) =>
        (['POST', 'PUT', 'DELETE'] as const).flatMap((method) => {
          const isDescribed = describeRoute(route)?.methods[method]?.isWrite ?? false;
          return isDescribed === writing(route, method) ? [] : [`${method} ${route.path}`];
        }),
      );
    expect(writes).toEqual([]);
  });

  test('of FHIR says which interaction each of its methods is', () => {
    const unnamed = routes
      .filter(({ protocol, isOpen }) => protocol === 'fhir' && !isOpen)
      .flatMap((route) => listAnswered(route).filter((method) => route.interaction?.(method) === undefined));
    expect(unnamed).toEqual([]);
  });

  test('lists the parameters with which its answers may be cached: none names a patient, none holds typed words', () => {
    const names = new Set(routes.flatMap(({ cacheable }) => [...(cacheable?.names ?? [])]));
    const personal = [
      ...['patient', 'subject', 'encounter', 'related', 'author', 'authenticator', 'period', '_text', '_content'],
      ...['description', 'title', 'name', 'display', 'q', 'list', 'note', 'mainsearchcriteria.v.ot', 'text', 'filter'],
    ];
    expect(personal.filter((name) => names.has(name))).toEqual([]);
  });
});

test('what no row is for is nowhere, whatever the method', async () => {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    for (const path of ['/nowhere', '/handouts/a.pdf', '/assets', '/article', '/code/icd-10-cm', '*']) {
      const { status } = await ask(connector.url, path, { method, headers: { Authorization: `Bearer ${TOKEN}` } });
      expect([method, path, status]).toEqual([method, path, 404]);
    }
  }
});

test('a path goes before a method: what is there is 405 and says what it answers', async () => {
  const headers = { Authorization: `Bearer ${TOKEN}` };
  for (const route of routes) {
    const path = route.path.replace(/[:*]\w+/g, 'x');
    const missing = (['POST', 'PUT', 'DELETE'] as const).find((method) => !listAnswered(route).includes(method));
    if (missing === undefined || listAnswered(route).length === 0) continue;
    const reply = await ask(connector.url, path, { method: missing, headers });
    expect([route.path, missing, reply.status]).toEqual([route.path, missing, 405]);
    const allowed = listAnswered(route).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    expect(reply.headers.allow).toBe([...allowed, 'OPTIONS'].join(', '));
  }
});
