import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Bundle,
  CapabilityStatement,
  OperationOutcome,
  Resource,
  TerminologyCapabilities,
} from '@medplum/fhirtypes';
import type { TestConnector } from '../../../support/connector.js';
import { startConnector } from '../../../support/connector.js';
import { ask } from '../../../http/ask.js';
import { ICD, askFhir } from '../fhir-server.js';

let connector: TestConnector;
let statement: CapabilityStatement;
beforeAll(async () => {
  connector = await startConnector();
  statement = (await askFhir<CapabilityStatement>(connector.url, '/metadata')).resource;
});
afterAll(() => connector.stop());

const rest = () => statement.rest?.[0] ?? { mode: 'server' as const };
const allowOf = async (path: string): Promise<string[]> => {
  const { headers } = await ask(connector.url, `/fhir${path}`, { method: 'OPTIONS' });
  return (headers.allow ?? '').split(', ').filter((method) => method !== 'OPTIONS' && method !== 'HEAD');
};

test.each(['/$hello', '/DocumentReference/$hello', '/DocumentReference/topic-acne-en/$hello'])(
  'a preflight to the unknown operation %s is answered, so that a page may read what the operation itself answers',
  async (path) => {
    const { status, headers } = await ask(connector.url, `/fhir${path}`, { method: 'OPTIONS' });
    expect([status, headers['access-control-allow-methods']]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    for (const method of ['GET', 'POST']) {
      const told = await ask(connector.url, `/fhir${path}`, { method });
      expect(told.status).toBe(404);
      expect(told.text).toContain('There is no such operation here.');
    }
  },
);

test('it can be asked for in short, as any resource (R4 search, 3.1.1.5.9)', async () => {
  const short = await askFhir<CapabilityStatement>(connector.url, '/metadata?_summary=true');
  expect([short.resource.rest, short.resource.meta?.tag?.[0]?.code]).toEqual([statement.rest, 'SUBSETTED']);
  const one = await askFhir<CapabilityStatement>(connector.url, '/metadata?_elements=rest');
  expect([one.resource.rest, one.resource.publisher]).toEqual([statement.rest, undefined]);
  expect((await askFhir(connector.url, '/metadata?_summary=hello')).reply.status).toBe(400);
  for (const shortening of ['_summary=true', '_summary=text', '_elements=url']) {
    const terminology = await askFhir(connector.url, `/metadata?mode=terminology&${shortening}`);
    expect([terminology.reply.status, terminology.resource]).toMatchObject([200, { kind: 'instance' }]);
  }
});

describe('the CapabilityStatement says what FHIR’s addresses answer', () => {
  test('each type, interaction by interaction', async () => {
    expect(rest().resource?.length).toBeGreaterThan(0);
    for (const { type, interaction = [] } of rest().resource ?? []) {
      const can = new Set(interaction.map(({ code }) => code));
      const methods = [...(can.has('search-type') ? ['GET'] : []), ...(can.has('create') ? ['POST'] : [])];
      expect([type, await allowOf(`/${type}`)]).toEqual([type, methods]);
      const onOne = [
        ...(can.has('read') ? ['GET'] : []),
        ...(can.has('update') ? ['PUT'] : []),
        ...(can.has('delete') ? ['DELETE'] : []),
      ];
      expect([type, await allowOf(`/${type}/x`)]).toEqual([type, onOne]);
      expect(await allowOf(`/${type}/x/_history/1`)).toEqual(can.has('vread') ? ['GET'] : []);
      expect(await allowOf(`/${type}/_search`)).toEqual(can.has('search-type') ? ['GET', 'POST'] : []);
    }
  });

  test('each operation, at its levels', async () => {
    for (const { name } of rest().operation ?? []) expect(await allowOf(`/$${name}`)).toContain('POST');
    for (const { type, operation = [] } of rest().resource ?? []) {
      for (const { name } of operation) {
        const levels = [await allowOf(`/${type}/$${name}`), await allowOf(`/${type}/x/$${name}`)];
        expect(levels.flat()).toContain('POST');
      }
    }
  });

  test('each search parameter is searched by: none is unknown to a strict search', async () => {
    for (const { type, searchParam = [] } of rest().resource ?? []) {
      for (const { name } of searchParam) {
        const headers = { Prefer: 'handling=strict' };
        const { resource } = await askFhir<OperationOutcome>(connector.url, `/${type}?${name}:hello=1`, { headers });
        const text = JSON.stringify(resource);
        expect(`${type} ${name} ${text}`).not.toContain('no such parameter');
      }
    }
  });

  test('nothing else is there', async () => {
    for (const path of ['/Patient', '/Patient/1', '/$hello', '/DocumentReference/$hello', '/hello', '/_history']) {
      expect([path, (await askFhir(connector.url, path)).reply.status]).toEqual([path, 404]);
    }
  });
});

test('what it names by a canonical address can be searched by that address, and read', async () => {
  const named = (rest().resource ?? []).flatMap(({ searchParam = [], operation = [], supportedProfile = [] }) => [
    ...searchParam.map(({ definition }) => definition ?? ''),
    ...operation.map(({ definition }) => definition),
    ...supportedProfile,
  ]);
  const all = [statement.url ?? '', ...named, ...(rest().operation ?? []).map(({ definition }) => definition)];
  for (const canonical of new Set(all)) {
    const [id = '', type = ''] = canonical.split('/').reverse();
    const { resource } = await askFhir<Bundle>(connector.url, `/${type}?url=${encodeURIComponent(canonical)}`);
    expect([canonical, resource.total]).toEqual([canonical, 1]);
    const { resource: read } = await askFhir<Resource & { url?: string }>(connector.url, `/${type}/${id}`);
    expect(read.url).toBe(canonical);
  }
});

test.each([
  ['POST', '/DocumentReference', true],
  ['PUT', '/ConceptMap/x', true],
  ['DELETE', '/DocumentReference/topic-acne-en', true],
  ['POST', '/StructureDefinition', false],
  ['PUT', '/DocumentReference', true],
  ['PUT', '/StructureDefinition/audience', false],
])('%s %s where nobody may write says whether, and how, writing is switched on', async (method, path, isWrite) => {
  const { reply, resource } = await askFhir<OperationOutcome>(connector.url, path, { method });
  expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  const [issue] = resource.issue;
  expect(issue?.diagnostics?.includes('WRITE_TOKENS or JWT_ISSUER')).toBe(isWrite);
});

test('the definitions of our own are readable, below this site’s canonical base', async () => {
  for (const type of ['StructureDefinition', 'NamingSystem', 'OperationDefinition', 'SearchParameter']) {
    const { resource } = await askFhir<Bundle>(connector.url, `/${type}?_count=100`);
    expect([type, resource.total === 0]).toEqual([type, false]);
    expect(JSON.stringify(resource)).not.toContain('{{');
  }
  const extensions = [
    ...['audience', 'rights', 'match-path', 'explained-input', 'other-language'],
    ...['reading-level', 'education-article', 'handover'],
  ];
  for (const id of extensions) {
    expect((await askFhir(connector.url, `/StructureDefinition/${id}`)).reply.status).toBe(200);
  }
});

describe('metadata by mode', () => {
  test('terminology: the code systems that can be read, and the expansion’s parameters', async () => {
    const { resource } = await askFhir<TerminologyCapabilities>(connector.url, '/metadata?mode=terminology');
    expect([resource.resourceType, resource.kind]).toEqual(['TerminologyCapabilities', 'instance']);
    const byUrl = await askFhir<Bundle>(connector.url, `/TerminologyCapabilities?url=${resource.url ?? ''}`);
    expect(byUrl.resource.entry?.[0]?.resource).toMatchObject(resource);
    const read = await askFhir(connector.url, '/TerminologyCapabilities/terminology');
    expect(read.resource).toEqual(byUrl.resource.entry?.[0]?.resource);
    const { resource: found } = await askFhir<Bundle>(connector.url, '/CodeSystem?_count=200');
    expect(resource.codeSystem?.length).toBe(found.total);
    const told = new Map((resource.codeSystem ?? []).map((one) => [one.uri, one]));
    const filtersOf = (uri: string) => told.get(uri)?.version?.[0]?.filter?.map(({ code }) => code) ?? [];
    expect([told.get(ICD)?.subsumption, filtersOf(ICD)]).toEqual([true, ['concept']]);
    // Without concepts there is no hierarchy to filter by; without an import no release is known.
    for (const uri of ['http://snomed.info/sct', 'http://hl7.org/fhir/sid/ndc'])
      expect([uri, told.get(uri)?.subsumption, filtersOf(uri), told.get(uri)?.version?.[0]?.code]).toEqual([
        uri,
        false,
        [],
        undefined,
      ]);
    expect(told.has('http://www.ama-assn.org/go/cpt')).toBe(false);
    expect(resource.expansion?.parameter?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['filter', 'count', 'offset', 'activeOnly']),
    );
    // HL7's definition of a terminology server has $closure, which is not here.
    expect(statement.instantiates).toBeUndefined();
  });

  test.each([
    ['full', 200],
    ['normative', 200],
    ['', 200],
    ['hello', 400],
  ])('%s → %i', async (mode, status) => {
    const { reply } = await askFhir(connector.url, `/metadata?mode=${mode}`);
    expect(reply.status).toBe(status);
  });
});
