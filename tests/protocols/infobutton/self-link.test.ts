import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import type { Feed, Told } from './ask.js';
import { N53_14, OID, askHl7, criterion, feedsOf, get, postForm } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const CODE = 'mainSearchCriteria.v.c';
const SYSTEM = 'mainSearchCriteria.v.cs';

/** Members that distinguish feeds, short enough to be read when they differ. */
const essence = (feed: Feed) => ({
  id: feed.id._value,
  subtitle: feed.subtitle._value,
  category: feed.category,
  entries: feed.entry.map(({ id, category }) => [id._value, category]),
});

describe('the self link', () => {
  const JSON_TYPE = 'knowledgeResponseType=application/json';
  const form = (query: string) => postForm(connector, '/infobutton', query);
  const ask = (query: string, headers?: Record<string, string>) => get(connector, `/infobutton?${query}`, headers);

  const asked: readonly [name: string, told: () => Promise<Told>][] = [
    ['a plain request', () => ask(`${N53_14}&${JSON_TYPE}`)],
    ['a posted request', () => form(`${N53_14}&${JSON_TYPE}&informationRecipient.languageCode.c=es`)],
    [
      'a code with blanks and a title with accents',
      () => ask(`${SYSTEM}=${OID.icd10cm}&${CODE}=+n53.14+&mainSearchCriteria.v.dn=%C3%B1+%26+%3D+%2B&${JSON_TYPE}`),
    ],
    [
      'a request with much context',
      () =>
        ask(
          `${criterion('icd10cm', 'K21')}&age.v.v=6&age.v.u=mo&informationRecipient=PROV&encounter.c.c=IMP&${JSON_TYPE}`,
        ),
    ],
    [
      'deprecated names',
      () => ask(`mainSearchCriteria.c.c=L70&mainSearchCriteria.c.cs=${OID.icd10cm}&task.c.c=DISCHINSTE&${JSON_TYPE}`),
    ],
    ['a drug by its name', () => ask(`${SYSTEM}=${OID.rxnorm}&mainSearchCriteria.v.dn=Simvastatin&${JSON_TYPE}`)],
    ['a miss', () => ask(`${criterion('icd9cm', 'N53.14')}&${JSON_TYPE}`)],
    ['several criteria', () => ask(`${N53_14}&${criterion('icd10cm', 'I10', '1')}&${JSON_TYPE}`)],
    [
      'the same thing in two systems',
      () => ask(`${criterion('icd10cm', 'N39.0')}&${criterion('icd9cm', '599.0', '1')}&${JSON_TYPE}`),
    ],
    [
      'two sub-topics',
      () => ask(`${criterion('icd10cm', 'L70')}&subTopic.v.c=Q000209&subTopic.v.c1=Q000628&${JSON_TYPE}`),
    ],
    ['explain=true', () => ask(`${N53_14}&explain=true&${JSON_TYPE}`)],
    ['a type chosen by the Accept header', () => ask(N53_14, { accept: 'application/json' })],
  ];

  test.each(asked)('leads to the very same feed after %s', async (_name, tell) => {
    const { feeds } = feedsOf((await tell()).body);
    expect(feeds.length).toBeGreaterThan(0);
    for (const feed of feeds) {
      const self = feed.link.filter(({ rel }) => rel === 'self');
      expect(self).toHaveLength(1);
      const told = await get(connector, self[0]?.href ?? '');
      expect(told.headers.get('content-type')).toContain(self[0]?.type);
      expect(feedsOf(told.body).feeds.map(essence)).toContainEqual(essence(feed));
    }
  });

  test('leads to a script again after a script', async () => {
    const told = await ask(`${N53_14}&knowledgeResponseType=application/javascript&callback=cb`);
    const [feed] = feedsOf(told.body.replace(/^cb\(/, '').replace(/\);$/, '')).feeds;
    const again = await get(connector, feed?.link.find(({ rel }) => rel === 'self')?.href ?? '');
    expect(again.status).toBe(200);
    expect(again.body).toBe(told.body);
  });

  test('and the feed’s id are the same for the same request at any time', async () => {
    const later = await startConnector({
      clock: () => new Date('2027-01-02T03:04:05Z'),
      env: { PUBLIC_URL: connector.url },
    });
    try {
      const [now, then] = [await askHl7(connector, N53_14), await askHl7(later, N53_14)];
      expect(then.feed.id).toEqual(now.feed.id);
      expect(then.feed.link).toEqual(now.feed.link);
      expect(then.feed.updated._value).toBe('2027-01-02T03:04:05Z');
    } finally {
      await later.stop();
    }
  });
});
