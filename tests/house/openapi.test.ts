import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { PARAMETER_NAMES } from '../../src/protocols/infobutton/parameters.js';
import type { ApiDocument } from '../support/openapi/document.js';
import { apiDocument } from '../support/openapi/document.js';
import { readInfobutton } from '../support/openapi/describe-route.js';
import { LIMITS } from '../../src/limits.js';
import { createRoutes } from '../../src/create-routes.js';
import { loadTexts } from '../../src/texts.js';
import { ask } from '../http/ask.js';
import { exampleOf } from '../fuzz/surface.js';
import type { TestConnector } from '../support/connector.js';
import { apiOf, examplesOf, operationsOf } from '../support/api-examples.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { complaintByDocument } from '../support/documented-answers.js';
import { findGeneratorFaults } from '../support/generator-limits.js';

const FILE = new URL('../../resources/openapi.json', import.meta.url);
const RECORD = { HANDED_OVER_OWNER: 'Office', HANDED_OVER_RETENTION_DAYS: '30' };

/** A document with an operation on each line, so that a change of one is seen as such. */
function formatDocument({ paths, ...rest }: ApiDocument): string {
  const lines = Object.entries(paths).map(([path, methods]) => {
    const operations = Object.entries(methods).map(
      ([method, operation]) => `${JSON.stringify(method)}:${JSON.stringify(operation)}`,
    );
    return `${JSON.stringify(path)}:{\n${operations.join(',\n')}}`;
  });
  return `${JSON.stringify(rest).slice(0, -1)},\n"paths":{\n${lines.join(',\n')}}}\n`;
}

const folder = temporaryFolder();
let connector: TestConnector;
let full: TestConnector;
let api: ApiDocument;
beforeAll(async () => {
  connector = await startConnector();
  const signIn = join(folder.path, 'sign-in.json');
  const proxy = { addresses: ['127.0.0.1'], userHeader: 'X-User', groupsHeader: 'X-Groups' };
  writeFileSync(signIn, JSON.stringify({ proxy, roles: { reader: ['*'] } }));
  const env = {
    SIGN_IN_FILE: signIn,
    WRITE_TOKENS: 'openapi-token-0123456789',
    LOCAL_LIBRARY: 'tests/golden',
    ...RECORD,
  };
  full = await startConnector({ env });
  if (process.env['GOLDEN_UPDATE']) writeFileSync(FILE, formatDocument(apiDocument(full.routes)));
  api = await apiOf(connector.url);
});
afterAll(async () => {
  await connector.stop();
  await full.stop();
  folder.remove();
});

test('the file is what the rows of a server with every setting are described as', () => {
  const [written, expected] = [readFileSync(FILE, 'utf8'), formatDocument(apiDocument(full.routes))];
  const lines = written.split('\n');
  expect(
    expected
      .split('\n')
      .filter((line, index) => line !== lines[index])
      .slice(0, 3),
  ).toEqual([]);
  expect(written.length).toBe(expected.length);
});

const operations = () => operationsOf(api);

test('the document is OpenAPI 3.1, at the address where it was asked', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(api)) as Record<string, unknown>);
  expect([valid, errors]).toEqual([true, undefined]);
  expect(api.openapi).toBe('3.1.0');
  expect(api.servers).toEqual([{ url: connector.url }]);
  const ids = operations().map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('generators of clients take every operation, and parse every answer but files and feeds', () => {
  const { complaints, unread } = findGeneratorFaults(api);
  expect(complaints).toEqual([]);
  expect(unread.filter((one) => !/ 200 (?:application\/pdf|image\/\*|\*\/\*)$/.test(one))).toEqual([
    'get-updates-atom 200 application/atom+xml',
    ...[401, 403, 421, 429, 500, 503].map((status) => `get-updates-atom ${status} application/xml`),
  ]);
});

test('nothing of a description is left unfilled, and every parameter of an infobutton request is described', () => {
  expect(JSON.stringify(api)).not.toMatch(/: ?"\$|"\$(?!ref")\w+":/);
  expect(readInfobutton().query.map(({ name }) => name)).toEqual(PARAMETER_NAMES);
});

test('it tells of every route and no other', () => {
  const { config, library } = connector;
  const { routes } = createRoutes({ config, library }, loadTexts(config.resourcesDir));
  const routed = routes.filter(({ path }) => path !== '/fhir/*rest').map(({ path }) => path.replace(/:(\w+)/g, '{$1}'));
  const further = ['/healthz', '/readyz', '/metrics', '/openapi.json'];
  expect(Object.keys(api.paths).sort()).toEqual([...routed, ...further].sort());
});

test('each path answers the methods that are told of it, and no other', async () => {
  for (const [path, methods] of Object.entries(api.paths)) {
    const address = path.replace('{file}', 'page.css').replace(/\{\w+\}/g, 'x');
    const isFile = path.includes('{file}');
    const { headers } = await ask(connector.url, address, { method: isFile ? 'DELETE' : 'OPTIONS' });
    const allowed = (headers.allow ?? '').split(', ').filter((one) => one !== 'HEAD' && one !== 'OPTIONS');
    expect([path, allowed.sort()]).toEqual([
      path,
      Object.keys(methods)
        .map((one) => one.toUpperCase())
        .sort(),
    ]);
  }
});

const DOCUMENT = 'https://connector.example/openapi.json';
let schemas: Ajv2020 | undefined;

function readComponents(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: DOCUMENT, components: api.components });
  return ajv;
}

/** A schema of the document, which may name components of it. */
function validatorOf(schema: unknown): ValidateFunction {
  schemas ??= readComponents();
  const text = JSON.stringify(schema).replaceAll('"#/components/', `"${DOCUMENT}#/components/`);
  return schemas.compile(JSON.parse(text) as object);
}

describe('every example works', () => {
  test('each method shows one, but for those that write', () => {
    const shown = new Set(examplesOf(api, connector.routes).map(({ told }) => told.operation.operationId));
    const needsRight = ({ security = [{}] }: ReturnType<typeof operations>[number]['operation']): boolean =>
      security.every((one) => Object.keys(one).length > 0);
    const bare = operations().filter(({ operation }) => !shown.has(operation.operationId) && !needsRight(operation));
    expect(bare.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  test('the values that parameters and bodies show make a call that is answered', async () => {
    const complaints: string[] = [];
    for (const { method, path, operation } of operations()) {
      for (const { address, headers = {}, body } of exampleOf(path, operation)) {
        const reply = await ask(connector.url, address, { method, headers, ...(body === undefined ? {} : { body }) });
        // Without an example that works, there is none to be found: a version, a logo, the configuration of SMART.
        const isNone = operation.parameters?.every(({ example }) => example === undefined) && body === undefined;
        if (reply.status >= 400 && !isNone) complaints.push(`${method} ${address}: ${reply.status}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('each is answered as it says, in a form that is told of', async () => {
    const complaints: string[] = [];
    /** Whether a header that is told of an operation's answers was in one of them. */
    const sent = new Map<string, boolean>();
    for (const { method, address, asking, told } of examplesOf(api, connector.routes)) {
      const { path, operation, status, contentType } = told;
      const reply = await ask(connector.url, address, asking);
      const type = reply.headers['content-type']?.split(';', 1)[0];
      const place = `${method} ${address}`;
      if (reply.status !== status || type !== contentType) {
        complaints.push(`${place}: ${reply.status} ${type ?? ''}\n${reply.text.slice(0, 300)}`);
      }
      const { content = {}, headers: described = {} } = operation.responses[status] ?? {};
      if (status < 300) {
        for (const name of Object.keys(described)) {
          const line = `${operation.operationId} ${name}`;
          sent.set(line, (sent.get(line) ?? false) || reply.headers[name.toLowerCase()] !== undefined);
        }
      }
      const form = content[contentType] ?? content['*/*'];
      if (!form) complaints.push(`${place}: ${contentType} is not told of under ${status} of ${path}`);
      else if (contentType.endsWith('json')) {
        const validate = validatorOf(form.schema);
        if (!validate(JSON.parse(reply.text))) complaints.push(`${place}: ${JSON.stringify(validate.errors)}`);
      }
    }
    expect(complaints).toEqual([]);
    expect([...sent].filter(([, isSent]) => !isSent).map(([line]) => line)).toEqual([]);
  });
});

test.each([
  ['CodeSystem/$lookup', '?system=http://nowhere.example&code=1', 404],
  ['CodeSystem/$subsumes', '?system=http://loinc.org&codeA=x&codeB=y', 404],
  ['CodeSystem/$validate-code', '?code=1', 400],
  ['ValueSet/$expand', '?url=http://nowhere.example', 404],
  ['ValueSet/$expand', '?url=http://hl7.org/fhir/sid/icd-10-cm?fhir_vs', 422],
  ['ValueSet/$validate-code', '?url=http://nowhere.example&code=1', 404],
  ['ConceptMap/$translate', '?url=http://nowhere.example&system=http://loinc.org&code=1', 404],
])('what %s refuses is told of: %s is %i', async (path, query, status) => {
  const reply = await ask(connector.url, `/fhir/${path}${query}`);
  expect(reply.status).toBe(status);
  const { responses } = api.paths[`/fhir/${path}`]?.get ?? { responses: {} };
  expect(Object.keys(responses)).toContain(String(status));
});

test('every example fits its schema on a server that is written to and records what is handed over', async () => {
  const whole = await apiOf(full.url);
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const misfits = operationsOf(whole).flatMap(({ method, path, operation: { parameters = [] } }) =>
    parameters
      .filter(({ schema, example }) => example !== undefined && !ajv.validate(schema, example))
      .map(({ name }) => `${method} ${path}: ${name}`),
  );
  expect(misfits).toEqual([]);
  expect(whole.paths['/fhir/Communication/{id}']).toBeDefined();
  expect(findGeneratorFaults(whole).complaints).toEqual([]);
});

test.each(['/', '/service', '/updates.atom', '/fhir/metadata', '/fhir/.well-known/smart-configuration'])(
  'what is rejected before it is a request is told of: %s',
  async (path) => {
    const long = 'x'.repeat(LIMITS.maxHeaderBytes);
    const asked = [
      { path, headers: { 'X-Long': long }, status: 431 },
      { path: `${path}?x=${long}`, headers: {}, status: 414 },
    ];
    for (const { path: address, headers, status } of asked) {
      const reply = await ask(connector.url, address, { headers });
      expect(reply.status).toBe(status);
      expect(complaintByDocument(api, { method: 'GET', path, ...reply })).toBeUndefined();
    }
  },
);

test('without a request that was read there is no format: 431 is told of in JSON alone', () => {
  const { content = {}, headers = {} } = api.paths['/']?.get?.responses[431] ?? {};
  expect([Object.keys(content), Object.keys(headers)]).toEqual([['application/json'], []]);
});

test('behind a proxy the servers’ address is the public one', async () => {
  const behind = await startConnector({ env: { PUBLIC_URL: 'https://education.example/connect' } });
  try {
    const { servers } = JSON.parse((await ask(behind.url, '/openapi.json')).text) as ApiDocument;
    expect(servers).toEqual([{ url: 'https://education.example/connect' }]);
    expect((await ask(behind.url, '/about')).text).toContain('href="/connect/openapi.json"');
  } finally {
    await behind.stop();
  }
});
