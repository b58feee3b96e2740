import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { Feed } from './ask.js';
import { N53_14, addresses, criterion, feedsOf, get } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

/** Names, nesting and types of an answer: an object's members sorted, an array's kinds of member once each. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((member) => [JSON.stringify(shapeOf(member)), shapeOf(member)]));
    return [...shapes.values()];
  }
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, shapeOf(member)]));
}

const TEXT = { _value: 'string' };
const TYPED = { _value: 'string', type: 'string' };
const ENTRY = {
  title: TYPED,
  link: [{ href: 'string', rel: 'string' }],
  id: TEXT,
  summary: TYPED,
  updated: TEXT,
};
const EMPTY = {
  feed: {
    base: 'string',
    lang: 'string',
    xsi: 'string',
    title: TYPED,
    updated: TEXT,
    id: TEXT,
    author: { name: TEXT, uri: TEXT },
    subtitle: TYPED,
    category: [{ scheme: 'string', term: 'string' }],
    entry: [],
  },
};
const FILLED = { feed: { ...EMPTY.feed, entry: [ENTRY] } };

const SCHEMES = [
  'mainSearchCriteria.v.c',
  'mainSearchCriteria.v.cs',
  'mainSearchCriteria.v.dn',
  'informationRecipient',
];

const FILLED_QUERIES = [
  N53_14,
  `${N53_14}&informationRecipient.languageCode.c=es`,
  criterion('icd10cm', 'L70'),
  criterion('icd10cm', 'E11.3211'),
  criterion('icd9cm', '250'),
  criterion('snomed', '195967001'),
  criterion('rxnorm', '104884'),
  `mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.dn=Simvastatin`,
  criterion('loinc', '4548-4'),
  `${N53_14}&${criterion('icd10cm', 'I10', '1')}`,
  `${N53_14}&age.v.v=44&age.v.u=a&patientPerson.administrativeGenderCode.c=M&taskContext.c.c=PROBLISTREV`,
];
const EMPTY_QUERIES = [
  criterion('icd10cm', 'ZZZ99'),
  criterion('icd9cm', 'N53.14'),
  criterion('cpt', '99213'),
  'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=',
];

const jsonOf = async (query: string): Promise<string> =>
  (await get(connector, `/service?${query}&knowledgeResponseType=application/json`)).body;

describe('an answer in JSON', () => {
  test.each(FILLED_QUERIES)('to %s has MedlinePlus Connect’s members and no other', async (query) => {
    expect(shapeOf(JSON.parse(await jsonOf(query)))).toEqual(FILLED);
  });

  test.each(EMPTY_QUERIES)('to %s has an empty list of entries', async (query) => {
    expect(shapeOf(JSON.parse(await jsonOf(query)))).toEqual(EMPTY);
  });

  test.each([...FILLED_QUERIES, ...EMPTY_QUERIES])('to %s has its four categories in their order', async (query) => {
    const [feed] = feedsOf(await jsonOf(query)).feeds;
    expect(feed?.category.map(({ scheme }) => scheme)).toEqual(SCHEMES);
  });

  test.each([...FILLED_QUERIES, ...EMPTY_QUERIES])('to %s has the constants that clients know', async (query) => {
    const { feed } = JSON.parse(await jsonOf(query)) as { feed: Feed & { base: string; xsi: string } };
    expect(feed).toMatchObject({
      base: 'https://medlineplus.gov/',
      xsi: 'http://www.w3.org/2001/XMLSchema-instance',
      id: { _value: '' },
      title: { type: 'text' },
      subtitle: { type: 'text' },
    });
    expect(feed.updated._value).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    for (const entry of feed.entry) {
      expect(entry).toMatchObject({ title: { type: 'text' }, summary: { type: 'html' }, link: [{ rel: 'alternate' }] });
      expect(entry.link).toHaveLength(1);
    }
  });
});

describe('an answer in XML', () => {
  test('has its elements and attributes in MedlinePlus Connect’s order', async () => {
    const { body } = await get(connector, `/service?${N53_14}`);
    const names = [...body.matchAll(/<([a-z]+)[\s>/]/g)].map(([, name]) => name);
    const author = ['author', 'name', 'uri'];
    const categories = ['category', 'category', 'category', 'category'];
    const entry = ['entry', 'title', 'link', 'id', 'summary', 'updated'];
    expect(names).toEqual(['feed', 'title', 'updated', 'id', ...author, 'subtitle', ...categories, ...entry]);
    expect(body).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*<feed /);
    const [root = ''] = /<feed[^>]*>/.exec(body) ?? [];
    expect([...root.matchAll(/ ([a-z:]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])).toEqual([
      ['xml:base', 'https://medlineplus.gov/'],
      ['xml:lang', 'en'],
      ['xmlns', 'http://www.w3.org/2005/Atom'],
      ['xmlns:xsi', 'http://www.w3.org/2001/XMLSchema-instance'],
    ]);
  });

  test('is a feed without entries for a miss', async () => {
    const { body, status } = await get(connector, `/service?${criterion('icd10cm', 'ZZZ99')}`);
    expect(status).toBe(200);
    expect(body).toContain('results for ICD-10-CM ZZZ99');
    expect(body).not.toContain('<entry');
  });
});

interface Recorded {
  readonly request: string;
  readonly response: { readonly feed: Feed };
}

const SAMPLES = fileURLToPath(new URL('../../../../shared/samples/medlineplus-connect/', import.meta.url));
const recorded = existsSync(SAMPLES)
  ? readdirSync(SAMPLES)
      .filter((name) => /^2026-.*\.json$/.test(name))
      .map((name): [string, Recorded] => [name, JSON.parse(readFileSync(SAMPLES + name, 'utf8')) as Recorded])
  : [];

if (recorded.length === 0) {
  test.skip('the recorded answers (skipped: ../shared/samples/medlineplus-connect is not there)', () => undefined);
} else {
  describe.each(recorded)('the recorded answer %s', (_name, { request, response }) => {
    /** Our answer to the very address that was recorded, on another host. */
    const ours = async (): Promise<{ feed: Feed }> => {
      const { pathname, search } = new URL(request);
      return JSON.parse((await get(connector, pathname + search)).body) as { feed: Feed };
    };

    test('has ours’ members, nesting and types', async () => {
      expect(shapeOf(await ours())).toEqual(shapeOf(response));
    });

    test('has ours’ members in the same order', async () => {
      expect(Object.keys((await ours()).feed)).toEqual(Object.keys(response.feed));
    });

    test('has ours’ categories', async () => {
      expect((await ours()).feed.category).toEqual(response.feed.category);
    });

    test('has ours’ subtitle behind the publisher’s name', async () => {
      const behind = ({ subtitle }: Feed): string => subtitle._value.replace(/^.* results for /, '');
      expect(behind((await ours()).feed)).toBe(behind(response.feed));
    });

    test('leads where ours leads first', async () => {
      expect(addresses((await ours()).feed)[0]).toBe(addresses(response.feed)[0]);
    });
  });
}
