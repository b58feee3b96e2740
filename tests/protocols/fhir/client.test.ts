import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Bundle,
  CapabilityStatement,
  DocumentReference,
  OperationOutcome,
  Parameters,
  Resource,
} from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { readResourceXml } from '../../../src/protocols/fhir/syntax/read-xml.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { resourceComplaints } from '../../support/fhir-answer.js';
import { ICD } from './fhir-server.js';
import { TOKEN, articleMap, handout } from './written.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

let connector: TestConnector;
let client: Client;
beforeAll(async () => {
  connector = await startConnector();
  client = new Client({ baseUrl: `${connector.url}/fhir` });
});
afterAll(() => connector.stop());

const TYPE = { resourceType: 'DocumentReference' };
type Answered = { response?: { status: number; headers: Headers } };

/** Resource that the client returns, once it is known to be valid R4. */
async function valid<T extends Resource>(answer: Promise<unknown>): Promise<T> {
  const resource = (await answer) as T;
  expect(resourceComplaints(resource)).toEqual([]);
  return resource;
}

/** Status and OperationOutcome of what the server refuses. */
async function refused(answer: Promise<unknown>): Promise<[number, string | undefined]> {
  const failure: unknown = await answer.then(
    () => undefined,
    (error: unknown) => error,
  );
  const { response } = failure as { response: { status: number; data: OperationOutcome } };
  expect(resourceComplaints(response.data)).toEqual([]);
  return [response.status, response.data.issue[0]?.code];
}

const idsOf = ({ entry = [] }: Bundle): string[] =>
  entry.flatMap(({ search, resource }) => (search?.mode === 'match' && resource?.id ? [resource.id] : []));
const valueOf = ({ parameter = [] }: Parameters, name: string): unknown => {
  const found = parameter.find((one) => one.name === name) ?? { name };
  return Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
};
const search = (searchParams: Record<string, string | number>, options = {}) =>
  valid<Bundle<DocumentReference>>(client.search({ ...TYPE, searchParams, options }));

test('a FHIR client finds its way from the CapabilityStatement to the article and back', async () => {
  const capability = await valid<CapabilityStatement>(client.capabilityStatement());
  expect(capability.fhirVersion).toBe('4.0.1');

  const bundle = await search({ explains: `${ICD}|N53.14`, language: 'es' });
  const found = bundle.entry?.[0]?.resource;
  expect(found?.id).toBe('ency-001282-es');

  const read = await client.read({ ...TYPE, id: found?.id ?? '' });
  expect(read).toEqual(found);

  const english = (await client.resolve({
    reference: found?.relatesTo?.[0]?.target.reference ?? '',
  })) as unknown as DocumentReference;
  expect(english.content[0]?.attachment.url).toBe('https://medlineplus.gov/ency/article/001282.htm');
});

describe('search', () => {
  test('by GET and by POST is the same', async () => {
    const searchParams = { event: `${ICD}|J45`, language: 'en' };
    const posted = client.search({ ...TYPE, searchParams, options: { postSearch: true } });
    expect(await valid(posted)).toEqual(await search(searchParams));
  });

  test('page by page to the end: nothing twice, and as many as there are', async () => {
    let page: Bundle = await search({ 'description:contains': 'diabet', _count: 20 });
    const { total } = page;
    const seen = idsOf(page);
    while (page.link?.some(({ relation }) => relation === 'next')) {
      page = await valid<Bundle>(client.nextPage({ bundle: page as never }) as Promise<unknown>);
      expect(page.total).toBe(total);
      seen.push(...idsOf(page));
    }
    expect(seen.length).toBeGreaterThan(20);
    expect([seen.length, new Set(seen).size]).toEqual([total, total]);
  });

  test('of other types, and with what belongs to a match', async () => {
    const systems = client.search({ resourceType: 'CodeSystem', searchParams: { url: ICD } });
    expect((await valid<Bundle>(systems)).total).toBe(1);
    const included = await search({ _id: 'topic-acne-es', _include: 'DocumentReference:relatesto' });
    expect(included.entry?.map((one) => [one.resource?.id, one.search?.mode])).toEqual([
      ['topic-acne-es', 'match'],
      ['topic-acne-en', 'include'],
    ]);
  });

  test('what it cannot understand is refused', async () => {
    expect(await refused(search({ date: 'yesterday' }))).toEqual([400, 'value']);
    expect(await refused(client.search({ resourceType: 'Patient', searchParams: { name: 'a' } }))).toEqual([
      404,
      'not-supported',
    ]);
  });
});

describe('read', () => {
  test('the current version, and no other', async () => {
    const read = await valid<DocumentReference>(client.read({ ...TYPE, id: 'topic-acne-en' }));
    const version = read.meta?.versionId ?? '';
    expect(await valid(client.vread({ ...TYPE, id: 'topic-acne-en', version }))).toEqual(read);
    const refusals = [
      client.vread({ ...TYPE, id: 'topic-acne-en', version: '0' }),
      client.history({ ...TYPE, id: 'topic-acne-en' }),
      client.history(TYPE),
      client.history({}),
    ];
    for (const refusal of refusals) expect(await refused(refusal)).toEqual([404, 'not-supported']);
  });

  test('by its tag or time is not given again', async () => {
    const read = await client.read({ ...TYPE, id: 'topic-acne-en' });
    const { response } = Client.httpFor(read) as Answered;
    for (const [name, header] of [
      ['If-None-Match', 'etag'],
      ['If-Modified-Since', 'last-modified'],
    ] as const) {
      const headers = { [name]: response?.headers.get(header) ?? '' };
      const again = client.read({ ...TYPE, id: 'topic-acne-en', options: { headers } });
      const status = await again.then(
        (answer) => (Client.httpFor(answer) as Answered).response?.status,
        (error: unknown) => (error as { response: { status: number } }).response.status,
      );
      expect([name, status]).toEqual([name, 304]);
    }
  });

  test('what is not there is told by an OperationOutcome', async () => {
    expect(await refused(client.read({ ...TYPE, id: 'none-en' }))).toEqual([404, 'not-found']);
    expect(await refused(client.read({ resourceType: 'Patient', id: '1' }))).toEqual([404, 'not-supported']);
  });

  test('in XML, where that is asked for', async () => {
    const reply = await fetch(`${connector.url}/fhir/DocumentReference/topic-acne-en`, {
      headers: { Accept: 'application/fhir+xml' },
    });
    const resource = readResourceXml(await reply.text(), 100);
    expect(resource).toEqual(await client.read({ ...TYPE, id: 'topic-acne-en' }));
  });
});

describe('operations, by GET and by POST', () => {
  const asked = (parts: Record<string, object>): Parameters => ({
    resourceType: 'Parameters',
    parameter: Object.entries(parts).map(([name, value]) => ({ name, ...value })),
  });

  test.each<[string, string | undefined, string | undefined, Record<string, object>, string, unknown]>([
    ['$knowledge-request', undefined, undefined, { system: { valueUri: ICD }, code: { valueCode: 'N53.14' } }, '', 1],
    ['$knowledge-request', 'DocumentReference', undefined, { code: { valueCode: `${ICD}|N53.14` } }, '', 1],
    ['$versions', undefined, undefined, {}, 'default', '4.0'],
    [
      '$lookup',
      'CodeSystem',
      undefined,
      { system: { valueUri: ICD }, code: { valueCode: 'E11.8' } },
      'display',
      'Type 2 diabetes mellitus with unspecified complications',
    ],
    [
      '$validate-code',
      'CodeSystem',
      undefined,
      { url: { valueUri: ICD }, code: { valueCode: 'E11.8' } },
      'result',
      true,
    ],
    ['$validate-code', 'CodeSystem', 'icd-10-cm', { code: { valueCode: 'E11.8' } }, 'result', true],
    [
      '$subsumes',
      'CodeSystem',
      undefined,
      { system: { valueUri: ICD }, codeA: { valueCode: 'E11' }, codeB: { valueCode: 'E11.8' } },
      'outcome',
      'subsumes',
    ],
    [
      '$validate-code',
      'ValueSet',
      'administrative-gender',
      { system: { valueUri: 'http://hl7.org/fhir/administrative-gender' }, code: { valueCode: 'male' } },
      'result',
      true,
    ],
    ['$expand', 'ValueSet', 'administrative-gender', {}, '', 4],
    [
      '$translate',
      'ConceptMap',
      'icd-10-cm-to-articles',
      { system: { valueUri: ICD }, code: { valueCode: 'N53.14' } },
      'result',
      true,
    ],
  ])('%s of %s %s', async (name, resourceType, id, parts, out, expected) => {
    const place = { name, ...(resourceType ? { resourceType } : {}), ...(id ? { id } : {}) };
    const input = Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, Object.values(value)[0]]));
    const answers = [
      await valid(client.operation({ ...place, method: 'GET', input: input })),
      await valid(client.operation({ ...place, method: 'POST', input: asked(parts) as never })),
    ];
    for (const answer of answers) {
      if (answer.resourceType === 'Bundle') expect(answer.total).toBe(expected);
      else if (answer.resourceType === 'ValueSet') expect(answer.expansion?.contains).toHaveLength(Number(expected));
      else expect(valueOf(answer as Parameters, out)).toEqual(expected);
    }
  });

  test('what is missing or unknown is refused', async () => {
    const lookup = (input: object) =>
      client.operation({ name: '$lookup', resourceType: 'CodeSystem', method: 'GET', input: input as never });
    expect((await refused(lookup({ code: 'E11.8' })))[0]).toBe(400);
    expect((await refused(lookup({ system: ICD, code: 'ZZZ' })))[0]).toBe(404);
    expect((await refused(client.operation({ name: '$nothing', input: {} })))[0]).toBe(404);
  });
});

describe('several requests at once', () => {
  const entry = ['DocumentReference/topic-acne-en', 'DocumentReference/none-en'].map((url) => ({
    request: { method: 'GET', url },
  }));

  test('a batch answers each, whatever becomes of the others', async () => {
    const body = { resourceType: 'Bundle', type: 'batch', entry };
    const answer = await valid<Bundle>(client.batch({ body: body }));
    expect(answer.type).toBe('batch-response');
    expect(answer.entry?.map(({ response }) => response?.status)).toEqual(['200 OK', '404 Not Found']);
  });

  test('a transaction is not supported', async () => {
    const body = { resourceType: 'Bundle', type: 'transaction', entry };
    expect(await refused(client.transaction({ body }))).toEqual([422, 'not-supported']);
  });
});

test('a FHIR client writes: create, update, batch, deletion', async () => {
  const writable = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  const writer = new Client({ baseUrl: `${writable.url}/fhir`, bearerToken: TOKEN });
  const statusOf = (promise: Promise<unknown>): Promise<number> =>
    promise.then(
      () => 200,
      (error: unknown) => (error as { response: { status: number } }).response.status,
    );
  try {
    const resourceType = 'DocumentReference';
    const body = { ...handout() } as never;
    const created = (await writer.create({ resourceType, body })) as unknown as DocumentReference;
    const id = created.id ?? '';
    expect([created.meta?.versionId, resourceComplaints(created)]).toEqual(['1', []]);

    const change = { ...created, description: 'A second look' } as never;
    const update = (etag: string) =>
      writer.update({ resourceType, id, body: change, options: { headers: { 'If-Match': etag } } });
    const updated = (await update('W/"1"')) as unknown as DocumentReference;
    expect([updated.meta?.versionId, updated.description]).toEqual(['2', 'A second look']);
    expect(await statusOf(update('W/"1"'))).toBe(412);

    expect(await writer.vread({ resourceType, id, version: '2' })).toEqual(updated);
    expect(await statusOf(writer.vread({ resourceType, id, version: '1' }))).toBe(404);

    const map = { ...articleMap('N53.14', [{ code: 'topic-acne', equivalence: 'wider' }]), id: 'ours' };
    const request = { method: 'PUT', url: 'ConceptMap/ours' };
    const batch = { resourceType: 'Bundle', type: 'batch', entry: [{ resource: map, request }] };
    const answer = (await writer.batch({ body: batch })) as unknown as Bundle;
    expect(answer.entry?.[0]?.response?.status).toBe('201 Created');

    await writer.delete({ resourceType: 'ConceptMap', id: 'ours' });
    await writer.delete({ resourceType, id });
    expect(await statusOf(writer.read({ resourceType, id }))).toBe(410);
    const stranger = new Client({ baseUrl: `${writable.url}/fhir` });
    expect(await statusOf(stranger.create({ resourceType, body }))).toBe(401);
  } finally {
    await writable.stop();
  }
});
