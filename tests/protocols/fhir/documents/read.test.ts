import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CapabilityStatement, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { readFileSync } from 'node:fs';
import { ask } from '../../../http/ask.js';
import type { TestConnector } from '../../../support/connector.js';
import { startConnector } from '../../../support/connector.js';
import { askFhir } from '../fhir-server.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { PUBLIC_URL: 'https://connect.example' } });
});
afterAll(() => connector.stop());

const read = async (id: string): Promise<DocumentReference> => {
  const { reply, resource } = await askFhir<DocumentReference>(connector.url, `/DocumentReference/${id}`);
  expect([reply.status, resource.id]).toEqual([200, id]);
  return resource;
};

/** Ids of the catalogue's articles of a kind. */
function idsOf(kind: string): string[] {
  const csv = readFileSync(new URL(`../../../../resources/articles/${kind}.en.csv`, import.meta.url), 'utf8');
  return csv
    .split('\n')
    .slice(1)
    .map((line) => line.split(',', 1)[0] ?? '')
    .filter((id) => id.startsWith(`${kind}-`));
}

describe('the CapabilityStatement', () => {
  test('has all that R4 demands, and says where the server is', async () => {
    const { resource } = await askFhir<CapabilityStatement>(connector.url, '/metadata');
    expect(resource).toMatchObject({
      status: 'active',
      kind: 'instance',
      fhirVersion: '4.0.1',
      implementation: { url: 'https://connect.example/fhir' },
    });
    expect(resource.software?.name).toBeTruthy();
    expect(resource.implementation?.description).toBeTruthy();
    expect(resource.format).toContain('application/fhir+json');
    const [rest] = resource.rest ?? [];
    expect([rest?.mode, rest?.resource?.[0]?.type]).toEqual(['server', 'DocumentReference']);
    const [documents] = rest?.resource ?? [];
    expect(documents).toMatchObject({ versioning: 'versioned', conditionalRead: 'full-support' });
    expect(documents?.interaction?.map(({ code }) => code).sort()).toEqual(['read', 'search-type', 'vread']);
    const names = documents?.searchParam?.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(['_id', 'event', 'explains', 'language', 'relatesto']));
    expect(documents?.searchInclude).toEqual(['DocumentReference:relatesto']);
  });
});

describe('article 001282', () => {
  test('is whole in English', async () => {
    const document = await read('ency-001282-en');
    expect(document).toMatchObject({
      status: 'current',
      language: 'en',
      description: 'Retrograde ejaculation',
      type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
      content: [
        {
          attachment: {
            contentType: 'text/html',
            language: 'en',
            url: 'https://medlineplus.gov/ency/article/001282.htm',
            title: 'Retrograde ejaculation',
            creation: '2019-01-31',
          },
        },
      ],
    });
    const events = document.context?.event?.flatMap(({ coding }) => coding?.map(({ code }) => code));
    expect(events).toContain('N53.14');
    const related = (document.context?.related ?? []).map(({ reference }) => reference);
    const instructions = ['000299', '000300', '000301'].map((number) => `DocumentReference/encypi-${number}-en`);
    expect(related).toEqual(expect.arrayContaining(instructions));
    expect(related).toHaveLength(5);
    expect(document.relatesTo).toBeUndefined();
    const text = JSON.stringify(document);
    for (const part of ['Dry climax', 'Ejaculation retrograde', 'A.D.A.M.', 'medical emergency', 'Copyright'])
      expect(text).toContain(part);
  });

  test('is in Spanish what transforms the English one', async () => {
    const document = await read('ency-001282-es');
    expect(document.language).toBe('es');
    expect(document.content[0]?.attachment.url).toContain('/spanish/ency/article/001282.htm');
    expect(document.relatesTo).toEqual([
      { code: 'transforms', target: { reference: 'DocumentReference/ency-001282-en' } },
    ]);
    expect(document.text?.div).toMatch(/lang="es"/);
  });

  test.each(['en', 'es'])(
    'points, in %s, only to documents that can be read and bodies that it contains',
    async (language) => {
      const document = await read(`ency-001282-${language}`);
      for (const { reference = '', display } of document.context?.related ?? []) {
        const target = await read(reference.replace('DocumentReference/', ''));
        expect(target.description).toBe(display);
      }
      const contained = (document.contained ?? []).map(({ id }) => `#${id ?? ''}`);
      expect(contained).toContain(document.custodian?.reference);
      expect(contained).toContain(document.author?.[0]?.reference);
    },
  );
});

describe('every kind of article', () => {
  const KINDS = ['topic', 'ency', 'encypi', 'drug', 'herb', 'test', 'genetics', 'vis'];
  test.each(KINDS)('%s is valid R4 in each language it has', async (kind) => {
    // Some from the whole length of the list: each must be valid, whatever facts it lacks.
    const ids = idsOf(kind).filter((id) => `${id}-en`.length <= 64);
    const some = ids.filter((_id, index) => index % Math.ceil(ids.length / 25) === 0);
    expect(some.length).toBeGreaterThan(1);
    for (const id of some) {
      for (const language of ['en', 'es']) {
        const path = `/DocumentReference/${id}-${language}`;
        const { reply, resource } = await askFhir<DocumentReference | OperationOutcome>(connector.url, path);
        if (language === 'en') expect(reply.status).toBe(200);
        if (reply.status === 404) continue;
        expect(resource).toMatchObject({ resourceType: 'DocumentReference', language, status: 'current' });
        expect((resource as DocumentReference).id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
        expect((resource as DocumentReference).date).toMatch(/^\d{4}-\d\d-\d\dT00:00:00Z$/);
      }
    }
  });

  test('ids past 64 characters are cut to 50, told apart by a hash, and read back', async () => {
    const long = idsOf('genetics').filter((id) => `${id}-en`.length > 64);
    expect(long.length).toBeGreaterThan(0);
    for (const article of long) {
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(article));
      const hash = Buffer.from(digest).toString('hex').slice(0, 8);
      const document = await read(`${article.slice(0, 50)}-${hash}-en`);
      expect(document.identifier?.[0]?.value).toBe(article);
      const { reply } = await askFhir<OperationOutcome>(
        connector.url,
        `/DocumentReference/${article.slice(0, 50)}-00000000-en`,
      );
      expect(reply.status).toBe(404);
      expect((await askFhir(connector.url, `/DocumentReference/${article}-en`)).reply.status).toBe(404);
    }
  });

  test('ids of just 64 characters and those that only look cut are left alone', async () => {
    const near = idsOf('genetics').filter((id) => id.length >= 55 && id.length <= 61);
    for (const id of near) expect((await read(`${id}-en`)).identifier?.[0]?.value).toBe(id);
  });
});

describe('a read', () => {
  test('is known again by its tag and by its date', async () => {
    const path = '/fhir/DocumentReference/topic-acne-en';
    const { headers, text } = await ask(connector.url, path);
    const { meta } = JSON.parse(text) as DocumentReference;
    expect(headers.etag).toBe(`W/"${meta?.versionId ?? ''}"`);
    expect(meta?.versionId).toMatch(/^[0-9a-f]{12}$/);
    expect(headers['last-modified']).toBe(new Date(meta?.lastUpdated ?? '').toUTCString());
    const byTag = await ask(connector.url, path, { headers: { 'If-None-Match': headers.etag ?? '' } });
    expect([byTag.status, byTag.text]).toEqual([304, '']);
  });

  test.each([
    ['the date it has', (date: string) => date, 304],
    ['a later date', () => 'Fri, 01 Jan 2100 00:00:00 GMT', 304],
    ['an earlier date', () => 'Thu, 01 Jan 1970 00:00:00 GMT', 200],
    ['what is no date', () => 'yesterday', 200],
  ])('asked for since %s', async (_name, since, status) => {
    const path = '/fhir/DocumentReference/topic-acne-en';
    const { headers } = await ask(connector.url, path);
    const sent = { 'If-Modified-Since': since(headers['last-modified'] ?? '') };
    expect((await ask(connector.url, path, { headers: sent })).status).toBe(status);
    // A tag that differs counts for more than any date.
    const both = { ...sent, 'If-None-Match': 'W/"other"' };
    expect((await ask(connector.url, path, { headers: both })).status).toBe(200);
  });

  test('by HEAD is the same without a body', async () => {
    const path = '/fhir/DocumentReference/topic-acne-en';
    const [got, head] = [await ask(connector.url, path), await ask(connector.url, path, { method: 'HEAD' })];
    expect([head.status, head.text, head.headers.etag]).toEqual([200, '', got.headers.etag]);
  });

  test.each([
    ['none-en', 404],
    ['topic-acne', 404],
    ['topic-acne-fr', 404],
    ['-en', 404],
    ['en', 404],
    ['__proto__-en', 404],
    ['constructor', 404],
    ['%25-en', 404],
    ['topic-%-en', 400],
    [`${'x'.repeat(65)}-en`, 404],
    ['topic-acne-en/_history/1', 404],
    ['_history', 404],
    ['_search-en', 404],
  ])('of %s is refused with an OperationOutcome', async (id, status) => {
    const { reply, resource } = await askFhir<OperationOutcome>(connector.url, `/DocumentReference/${id}`);
    expect([reply.status, resource.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(resource.issue[0]).toMatchObject({ severity: 'error' });
    expect(resource.issue[0]?.diagnostics).toBeTruthy();
  });
});
