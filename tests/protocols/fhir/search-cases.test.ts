import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { Client } from 'fhir-kit-client';
import { parseYaml } from '../../../src/core/read-data-file.js';
import { LIMITS } from '../../../src/limits.js';
import { toSpan } from '../../../src/protocols/fhir/search/dates.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { fhirComplaints } from '../../support/fhir-schema.js';
import { ICD, askFhir, notesOf } from './fhir-server.js';

interface SearchCase {
  readonly name: string;
  readonly query: string;
  readonly strict?: boolean;
  readonly status?: number;
  readonly total?: boolean;
  readonly ids?: string[];
  readonly has?: string[];
  readonly lacks?: string[];
  readonly includes?: string[];
  readonly same?: string;
  readonly fewer?: string;
  readonly rest?: string;
  readonly ignores?: string[];
  readonly notes?: string[];
}

const cases = parseYaml(
  readFileSync(join(import.meta.dirname, '../../cases/fhir/search.yaml'), 'utf8'),
) as SearchCase[];

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

type Found = Bundle<DocumentReference | OperationOutcome>;

/** The query as a client sends it: what is not a letter of addresses is escaped. */
const encoded = (query: string): string => encodeURI(query).replaceAll('|', '%7C');

const search = (query: string, headers: Record<string, string> = {}) =>
  askFhir<Found>(connector.url, `/DocumentReference?${encoded(query)}`, { headers });

const idsBy = (bundle: Found, mode: string): string[] =>
  (bundle.entry ?? []).flatMap(({ resource, search: how }) => (how?.mode === mode ? [resource?.id ?? ''] : []));

async function found(query: string): Promise<Found> {
  const { reply, resource } = await search(query);
  expect([reply.status, resource.type]).toEqual([200, 'searchset']);
  return resource;
}

describe('search.yaml', () => {
  test('no two cases have the same name', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test.each(cases.map((one): [string, SearchCase] => [one.name, one]))('%s', async (_name, one) => {
    const { reply, resource } = await search(one.query, one.strict ? { Prefer: 'handling=strict' } : {});
    expect(reply.status).toBe(one.status ?? 200);
    if (one.status !== undefined) return;
    const matches = idsBy(resource, 'match');
    if (one.ids) expect([...matches].sort()).toEqual([...one.ids].sort());
    if (one.ids && one.total !== true) expect(resource.total).toBe(one.ids.length);
    expect(matches).toEqual(expect.arrayContaining(one.has ?? []));
    for (const id of one.lacks ?? []) expect(matches).not.toContain(id);
    for (const part of one.notes ?? []) expect(notesOf(resource).join()).toContain(part);
    if (one.ignores) expect(notesOf(resource)).toEqual(one.ignores);
    if (one.includes) expect(idsBy(resource, 'include')).toEqual(one.includes);
    if (one.same) {
      const other = await found(one.same);
      expect([resource.total, matches]).toEqual([other.total, idsBy(other, 'match')]);
      expect(resource.total).toBeGreaterThan(0);
    }
    if (one.fewer) {
      expect(resource.total).toBeGreaterThan(0);
      expect(resource.total).toBeLessThan((await found(one.fewer)).total ?? 0);
    }
    if (one.rest) {
      const [rest, all] = [await found(one.rest), await found('_count=0')];
      expect((resource.total ?? 0) + (rest.total ?? 0)).toBe(all.total);
    }
  });
});

const linkOf = (bundle: Bundle, relation: string): string | undefined =>
  bundle.link?.find((link) => link.relation === relation)?.url;

describe('paging', () => {
  test('every document comes once, round after round', async () => {
    for (const round of [1, 2]) {
      const seen = new Set<string>();
      let matches = 0;
      let path: string | undefined = `${connector.url}/fhir/DocumentReference?_count=${LIMITS.maxPageMatches}`;
      let total: number | undefined;
      while (path) {
        const page = (await (await fetch(path)).json()) as Found;
        total = page.total;
        const ids = idsBy(page, 'match');
        matches += ids.length;
        for (const id of ids) seen.add(id);
        path = linkOf(page, 'next');
      }
      expect([round, matches, seen.size]).toEqual([round, total, total]);
    }
  });

  test('a FHIR client comes by every match once, forth and back', async () => {
    const client = new Client({ baseUrl: `${connector.url}/fhir` });
    const searchParams = { explains: `${ICD}|E11.9`, _count: 3 };
    let page = (await client.search({ resourceType: 'DocumentReference', searchParams })) as unknown as Found;
    const first = page;
    const seen = idsBy(page, 'match');
    let pages = 1;
    for (; linkOf(page, 'next'); pages += 1) {
      page = (await client.nextPage({ bundle: page as never })) as unknown as Found;
      expect(fhirComplaints(page)).toEqual([]);
      seen.push(...idsBy(page, 'match'));
    }
    expect(seen.length).toBe(page.total);
    expect(new Set(seen).size).toBe(seen.length);
    expect(pages).toBeGreaterThan(1);
    for (let left = pages; left > 1; left -= 1) {
      page = (await client.prevPage({ bundle: page as never })) as unknown as Found;
    }
    expect(page).toEqual(first);
    const whole = await found(`explains=${ICD}|E11.9`);
    expect(seen).toEqual(idsBy(whole, 'match'));
  });

  test('first, last, next and previous lead where they say', async () => {
    const first = await found('category=vis&_count=7');
    expect([linkOf(first, 'previous'), linkOf(first, 'first')]).toEqual([undefined, linkOf(first, 'self')]);
    const at = async (url = ''): Promise<Found> => {
      const { pathname, search: query } = new URL(url);
      return (await askFhir<Found>(connector.url, `${pathname.replace('/fhir', '')}${query}`)).resource;
    };
    const last = await at(linkOf(first, 'last'));
    expect([linkOf(last, 'next'), linkOf(last, 'self')]).toEqual([undefined, linkOf(first, 'last')]);
    expect(await at(linkOf(last, 'first'))).toEqual(first);
    const second = await at(linkOf(first, 'next'));
    expect(await at(linkOf(second, 'previous'))).toEqual(first);
    expect(await at(linkOf(second, 'self'))).toEqual(second);
  });

  test.each([
    ['', LIMITS.defaultPageMatches],
    [`_count=${LIMITS.maxPageMatches}`, LIMITS.maxPageMatches],
    [`_count=${LIMITS.maxPageMatches + 1}`, LIMITS.maxPageMatches],
  ])('%s gives pages of %i', async (query, count) => {
    const bundle = await found(query);
    expect(bundle.entry?.length).toBe(count);
    const self = new URL(linkOf(bundle, 'self') ?? '').searchParams.get('_count');
    expect(self).toBe(query === '' ? null : String(count));
  });

  test('a page of a release that is gone is gone, and a link of nobody’s is refused', async () => {
    const mark = (text: string) => Buffer.from(text).toString('base64url');
    expect((await search(`_page=${mark('50.000000000000')}`)).reply.status).toBe(410);
    for (const text of ['', 'x', '-1.000000000000', '1.x']) {
      const { reply } = await search(`_page=${mark(text)}`);
      expect(reply.status).toBe(text === '' ? 200 : 400);
    }
  });
});

describe('_sort', () => {
  test.each([
    ['_id', ({ id }: DocumentReference) => id ?? '', false],
    ['-_id', ({ id }: DocumentReference) => id ?? '', true],
    ['description', ({ description }: DocumentReference) => (description ?? '').toLowerCase(), false],
    ['-title', ({ description }: DocumentReference) => (description ?? '').toLowerCase(), true],
    ['date,_id', ({ id }: DocumentReference) => id ?? '', false],
    ['-_lastUpdated,-_id', ({ id }: DocumentReference) => id ?? '', true],
  ])('%s', async (sort, key, isDescending) => {
    const bundle = await found(`description=asthma&_sort=${sort}`);
    const keys = (bundle.entry ?? []).map(({ resource }) => key(resource as DocumentReference));
    expect(keys.length).toBeGreaterThan(1);
    const plain = keys.map((one) => one.replace(/\W+/g, ' '));
    const sorted = [...plain].sort();
    expect(plain).toEqual(isDescending ? sorted.reverse() : sorted);
  });
});

describe('shortened resources', () => {
  const SUBSETTED = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };
  test.each([
    ['_summary=true', ['description', 'content', 'status', 'context'], ['text', 'custodian', 'extension']],
    ['_summary=text', ['text', 'content', 'status'], ['description', 'context', 'contained', 'language']],
    ['_summary=data', ['description', 'extension', 'contained'], ['text']],
    ['_elements=description,date', ['description', 'date', 'status', 'content'], ['text', 'type', 'contained']],
    ['_elements=type,category,description', ['type', 'category', 'description'], ['text', 'date']],
    ['_elements=author', ['author', 'contained'], ['text', 'custodian']],
  ])('%s', async (query, kept, left) => {
    const path = '/DocumentReference/topic-asthma-en';
    const whole = Object.keys((await askFhir<DocumentReference>(connector.url, path)).resource);
    const read = (await askFhir<DocumentReference>(connector.url, `${path}?${query}`)).resource;
    const bundle = await found(`_id=topic-asthma-en&${query}`);
    const shown = bundle.entry?.[0]?.resource;
    expect(shown).toEqual(read);
    expect(read.meta?.tag).toEqual([expect.objectContaining(SUBSETTED)]);
    const isProfiled = ['type', 'category', 'description'].every((name) => name in read);
    expect(read.meta?.profile?.length ?? 0).toBe(isProfiled ? 1 : 0);
    expect(Object.keys(read)).toEqual(expect.arrayContaining(kept.filter((name) => whole.includes(name))));
    for (const name of left) expect(Object.keys(read)).not.toContain(name);
  });

  test('_summary=count and _total=none', async () => {
    const counted = await found('_summary=count');
    expect([counted.entry, (counted.total ?? 0) > 1000]).toEqual([undefined, true]);
    expect((await found('_total=none&_count=1')).total).toBeUndefined();
    expect((await found('_summary=false&_id=topic-asthma-en')).entry?.[0]?.resource?.meta?.tag).toBeUndefined();
  });
});

describe('versions', () => {
  const path = '/DocumentReference/topic-asthma-en';
  test('the one that is, and no other', async () => {
    const { resource } = await askFhir<DocumentReference>(connector.url, path);
    const versionId = resource.meta?.versionId ?? '';
    expect((await askFhir(connector.url, `${path}/_history/${versionId}`)).resource).toEqual(resource);
    expect((await askFhir(connector.url, `${path}/_history/000000000000`)).reply.status).toBe(404);
  });
});

test.each([
  ['2026', '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['2026-11-24T10:30', '2026-11-24T10:30:00.000Z', '2026-11-24T10:31:00.000Z'],
  ['2026-11-24T10:30:15+02:00', '2026-11-24T08:30:15.000Z', '2026-11-24T08:30:16.000Z'],
  ['2026-11-24T10:30:15 02:00', '2026-11-24T08:30:15.000Z', '2026-11-24T08:30:16.000Z'],
  ['2026-11-24T10:30:15.250-05:00', '2026-11-24T15:30:15.250Z', '2026-11-24T15:30:15.251Z'],
])('%s spans %s to %s', (text, from, to) => {
  const span = toSpan(text);
  expect([span?.from, span?.to]).toEqual([Date.parse(from), Date.parse(to)]);
});

test.each(['', '26', '2026-1', '2023-02-29', '2026-11-24T25:00', '2026-11-24T10:60', '2026-11-24T10:00+20:00', 'now'])(
  '“%s” is no date',
  (text) => {
    expect(toSpan(text)).toBeUndefined();
  },
);
