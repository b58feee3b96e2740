import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { OID } from './ask.js';
import { N53_14, articleIds, askHl7, askService, criterion, get, termsOf } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

type Coding = readonly [system: keyof typeof OID, code: string];

const several = (codings: readonly Coding[]): string =>
  codings.map(([system, code], index) => criterion(system, code, index === 0 ? '' : String(index))).join('&');

describe('several criteria in HL7’s dialect', () => {
  test('get a feed each, in their order', async () => {
    const query = several([
      ['icd10cm', 'I10'],
      ['icd10cm', 'N53.14'],
      ['loinc', '4548-4'],
      ['rxnorm', '104884'],
    ]);
    const answer = await askHl7(connector, query);
    expect(answer.aggregate).toBe(true);
    expect(answer.feeds.map((feed) => termsOf(feed, 'mainSearchCriteria.v.c')[0])).toEqual([
      'I10',
      'N53.14',
      '4548-4',
      '104884',
    ]);
    expect(answer.feeds.every(({ entry }) => entry.length > 0)).toBe(true);
  });

  test('get an empty feed for the one that misses', async () => {
    const answer = await askHl7(connector, `${N53_14}&${criterion('icd10cm', 'ZZZ99', '1')}`);
    expect(answer.status).toBe(200);
    expect(answer.feeds.map(({ entry }) => entry.length)).toEqual([1, 0]);
    expect(answer.headers.get('x-answer')).toBe('own, impossible-code');
  });

  test('are answered though one of them has a system that nobody knows', async () => {
    const query = `mainSearchCriteria.v.cs=9.8.7&mainSearchCriteria.v.c=X1&${criterion('icd10cm', 'N53.14', '1')}`;
    const answer = await askHl7(connector, query);
    expect(answer.status).toBe(200);
    expect(answer.feeds.map(({ entry }) => entry.length)).toEqual([0, 1]);
  });

  test('share the context: each feed mirrors it, no feed says a thing twice', async () => {
    const context =
      'informationRecipient.languageCode.c=es&age.v.v=30&age.v.u=a&subTopic.v.c=Q000628&subTopic.v.c1=Q000628';
    const answer = await askHl7(connector, `${N53_14}&${criterion('icd10cm', 'I10', '1')}&${context}`);
    expect(answer.feeds.map(({ lang }) => lang)).toEqual(['es', 'es']);
    for (const feed of answer.feeds) {
      expect(termsOf(feed, 'age.v.v')).toEqual(['30']);
      expect(termsOf(feed, 'subTopic.v.c')).toEqual(['Q000628']);
      const said = feed.category.map(({ scheme, term }) => `${scheme} ${term}`);
      expect(new Set(said).size).toBe(said.length);
    }
  });

  test('mirror only their own code', async () => {
    const answer = await askHl7(connector, `${N53_14}&${criterion('icd10cm', 'I10', '1')}`);
    expect(answer.feeds.map((feed) => termsOf(feed, 'mainSearchCriteria.v.c'))).toEqual([['N53.14'], ['I10']]);
  });

  test('have feed ids of their own', async () => {
    const answer = await askHl7(connector, `${N53_14}&${criterion('icd10cm', 'I10', '1')}`);
    expect(new Set(answer.feeds.map(({ id }) => id._value)).size).toBe(2);
  });

  test('may be fifty, and not fifty-one', async () => {
    const many = (count: number): string =>
      Array.from({ length: count }, (_, index) => criterion('icd10cm', `E${String(10 + index)}.9`, String(index))).join(
        '&',
      );
    const [most, more] = [await askHl7(connector, many(50)), await askHl7(connector, many(51))];
    expect([most.status, most.feeds.length]).toEqual([200, 50]);
    expect(more.status).toBe(400);
    expect(JSON.parse(more.body)).toMatchObject({ error: { code: 'too-many-criteria' } });
  });
});

describe('the same thing in several systems', () => {
  const SAME: readonly [name: string, article: string, codings: readonly Coding[]][] = [
    [
      'a urinary tract infection',
      'topic-urinarytractinfections',
      [
        ['icd10cm', 'N39.0'],
        ['icd9cm', '599.0'],
        ['snomed', '68566005'],
      ],
    ],
    [
      'high blood pressure',
      'topic-highbloodpressure',
      [
        ['snomed', '38341003'],
        ['icd10cm', 'I10'],
      ],
    ],
    [
      'unspecified high blood pressure',
      'topic-highbloodpressure',
      [
        ['icd10cm', 'I10'],
        ['icd9cm', '401.9'],
      ],
    ],
    [
      'type 2 diabetes',
      'topic-diabetestype2',
      [
        ['icd10cm', 'E11.9'],
        ['icd9cm', '250.00'],
        ['snomed', '44054006'],
      ],
    ],
    [
      'asthma',
      'topic-asthma',
      [
        ['icd10cm', 'J45.909'],
        ['icd9cm', '493.90'],
        ['snomed', '195967001'],
      ],
    ],
  ];

  test.each(SAME)('%s is answered once', async (_name, article, codings) => {
    const answer = await askHl7(connector, several(codings));
    expect(answer.aggregate).toBe(true);
    expect(answer.feeds.map((feed) => articleIds(feed)[0])).toEqual([article]);
    expect(termsOf(answer.feed, 'mainSearchCriteria.v.c').sort()).toEqual(codings.map(([, code]) => code).sort());
  });

  test('is said with explain=true', async () => {
    const [, , codings] = SAME[0] ?? ['', '', []];
    const { feed } = await askHl7(connector, `${several(codings)}&explain=true`);
    expect(termsOf(feed, 'explain').filter((term) => term.includes('answered once'))).toHaveLength(2);
  });

  test('is told by a common title, with a local code that nobody knows', async () => {
    const query =
      `${N53_14}&mainSearchCriteria.v.dn=Retrograde+ejaculation` +
      '&mainSearchCriteria.v.c1=L-77&mainSearchCriteria.v.cs1=1.2.840.99&mainSearchCriteria.v.dn1=retrograde+ejaculation';
    const answer = await askHl7(connector, query);
    expect(answer.feeds.map((feed) => articleIds(feed))).toEqual([['ency-001282']]);
    expect(answer.headers.get('x-answer')).toBe('own');
  });

  test('is never two codes of one system', async () => {
    const answer = await askHl7(
      connector,
      several([
        ['icd10cm', 'J45.20'],
        ['icd10cm', 'J45.30'],
      ]),
    );
    expect(answer.feeds).toHaveLength(2);
  });
});

describe('several criteria in MedlinePlus Connect’s dialect', () => {
  test('get the first one’s feed', async () => {
    const answer = await askService(connector, `${N53_14}&${criterion('icd10cm', 'I10', '1')}`);
    expect(answer.aggregate).toBe(false);
    expect(answer.feed.category[0]).toEqual({ scheme: 'mainSearchCriteria.v.c', term: 'N53.14' });
    expect(answer.feed.category).toHaveLength(4);
  });

  test('get the first one whose system we know', async () => {
    const query = `mainSearchCriteria.v.cs=9.8.7&mainSearchCriteria.v.c=X1&${criterion('icd10cm', 'N53.14', '1')}`;
    const { feed } = await askService(connector, query);
    expect(feed.category[0]?.term).toBe('N53.14');
  });

  test('all stand on the page', async () => {
    const { body } = await get(connector, `/application?${N53_14}&${criterion('icd10cm', 'I10', '1')}`);
    expect(body).toContain('Retrograde ejaculation');
    expect(body).toContain('High Blood Pressure');
  });
});
