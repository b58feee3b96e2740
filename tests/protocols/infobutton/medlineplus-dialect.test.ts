import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { N53_14, OID, addresses, askService, criterion, get } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const icd = (code: string): string => criterion('icd10cm', code);

describe('the addresses', () => {
  test.each(['/medlineplus/services/mpconnect_service.cfm', '/mpconnect_service.cfm'])(
    '%s answers like /service',
    async (path) => {
      for (const type of ['text/xml', 'application/json', 'application/javascript&callback=cb']) {
        const query = `${N53_14}&knowledgeResponseType=${type}`;
        const [older, newer] = [await get(connector, `${path}?${query}`), await get(connector, `/service?${query}`)];
        expect([older.status, older.body]).toEqual([200, newer.body]);
      }
    },
  );

  test.each(['/medlineplus/services/mpconnect.cfm', '/mpconnect.cfm'])('%s answers like /application', async (path) => {
    const [older, newer] = [await get(connector, `${path}?${N53_14}`), await get(connector, `/application?${N53_14}`)];
    expect([older.status, older.body]).toEqual([200, newer.body]);
    expect(older.headers.get('content-type')).toContain('text/html');
  });
});

describe('a feed', () => {
  test.each([
    [N53_14, 'ICD-10-CM N53.14', 'ICD10CM'],
    [icd('ZZZ99'), 'ICD-10-CM ZZZ99', 'ICD10CM'],
    [criterion('icd9cm', '250'), 'ICD-9-CM 250', 'ICD9CM'],
    [criterion('snomed', '195967001'), 'SNOMED CT 195967001', 'SNOMEDCT'],
    [criterion('rxnorm', '104884'), 'RXCUI 104884', 'RXNORM'],
    [criterion('ndc', '00456140530'), 'NDC 00456140530', 'NDC'],
    [criterion('ndc', '00310-0751-39'), 'NDC 00310-0751-39', 'NDC'],
    [criterion('loinc', '4548-4'), 'LOINC 4548-4', 'LOINC'],
    [`mainSearchCriteria.v.cs=2.16.840.1.113883.11.79&mainSearchCriteria.v.c=4548-4`, 'LOINC 4548-4', 'LOINC'],
    [criterion('cpt', '45378'), 'CPT 45378', 'CPT'],
  ])('of %s says results for %s, and %s in its category', async (query, subject, term) => {
    const { feed, status } = await askService(connector, query);
    expect(status).toBe(200);
    expect(feed.subtitle._value).toBe(`Education Connect results for ${subject}`);
    expect(feed.category[1]).toEqual({ scheme: 'mainSearchCriteria.v.cs', term });
  });

  test.each([icd('L70'), icd('E11'), criterion('icd9cm', '250'), icd('H66.001'), icd('E11.3211'), icd('D50')])(
    'of %s has up to three articles, and at least one',
    async (query) => {
      const { feed } = await askService(connector, query);
      expect(feed.entry.length).toBeGreaterThan(0);
      expect(feed.entry.length).toBeLessThanOrEqual(3);
    },
  );

  test.each([
    ['', 'PAT'],
    ['&informationRecipient=', 'PAT'],
    ['&informationRecipient=PAT', 'PAT'],
    ['&informationRecipient=PROV', 'PROV'],
    ['&informationRecipient=prov', 'PROV'],
    ['&informationRecipient=NURSE', 'PAT'],
  ])('with %p is for %s', async (query, recipient) => {
    const { feed } = await askService(connector, N53_14 + query);
    expect(feed.category[3]).toEqual({ scheme: 'informationRecipient', term: recipient });
  });

  test('says back the code and the title just as they were sent', async () => {
    const sent = `mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.c=n5314&mainSearchCriteria.v.dn=Dry%20CLIMAX`;
    const { feed } = await askService(connector, sent);
    expect(feed.category.slice(0, 3).map(({ term }) => term)).toEqual(['n5314', 'ICD10CM', 'Dry CLIMAX']);
  });

  test('speaks as ourselves, without NLM’s name on it', async () => {
    const { body } = await get(connector, `/service?${N53_14}`);
    const head = body.slice(0, body.indexOf('<entry'));
    expect(head).toContain('<author><name>Education Connect</name>');
    expect(head).not.toContain('National Library of Medicine');
    expect(head).not.toContain('MedlinePlus Connect');
  });

  test('carries the site’s own name where it has one', async () => {
    const named = await startConnector({
      env: { CONNECTOR_NAME: 'St. Elsewhere & Co', CONNECTOR_URL: 'https://elsewhere.example/' },
    });
    try {
      const { body } = await get(named, `/service?${N53_14}`);
      expect(body).toContain('<title type="text">St. Elsewhere &amp; Co</title>');
      expect(body).toContain(
        '<author><name>St. Elsewhere &amp; Co</name><uri>https://elsewhere.example/</uri></author>',
      );
      expect(body).toContain('St. Elsewhere &amp; Co results for ICD-10-CM N53.14');
    } finally {
      await named.stop();
    }
  });
});

describe('an entry', () => {
  const UTM = 'utm_source=mplusconnect&utm_medium=';

  test('of a health topic links to it with NLM’s campaign', async () => {
    const { feed } = await askService(connector, icd('L70'));
    expect(addresses(feed)[0]).toBe(`https://medlineplus.gov/acne.html?${UTM}service`);
    expect(feed.entry[0]?.id._value).toBe(`tag: medlineplus.gov, 2026-24-11:/acne.html?${UTM}application`);
  });

  test('in Spanish links to the Spanish page', async () => {
    const { feed } = await askService(connector, `${icd('L70')}&informationRecipient.languageCode.c=sp`);
    expect(addresses(feed)[0]).toBe(`https://medlineplus.gov/spanish/acne.html?${UTM}service`);
    expect(feed.entry[0]?.id._value).toBe(`tag: medlineplus.gov, 2026-24-11:/spanish/acne.html?${UTM}application`);
  });

  test('of a medical test has an id without a query', async () => {
    const { feed } = await askService(connector, criterion('loinc', '4548-4'));
    expect(addresses(feed)[0]).toContain(`?${UTM}service`);
    expect(feed.entry[0]?.id._value).toMatch(/^tag: medlineplus\.gov, 2026-24-11:\/lab-tests\/[a-z0-9-]+\/$/);
  });

  test.each([N53_14, icd('L70'), icd('E11'), criterion('loinc', '4548-4'), criterion('rxnorm', '104884')])(
    'of %s says other names first and its source last',
    async (query) => {
      for (const language of ['en', 'es']) {
        const { feed } = await askService(connector, `${query}&informationRecipient.languageCode.c=${language}`);
        for (const { summary } of feed.entry) {
          expect(summary._value).toMatch(/<p class="NLMattribution">(?:(?!<\/p>).)*<\/p>$/);
          expect(summary._value).toMatch(language === 'en' ? /Source: .*MedlinePlus/ : /Fuente: .*MedlinePlus/);
          if (summary._value.includes('NLMalsoCalled')) expect(summary._value).toMatch(/^<p class="NLMalsoCalled">/);
        }
      }
    },
  );

  test('was updated when the answer was made', async () => {
    const { feed } = await askService(connector, N53_14);
    expect([feed.updated._value, feed.entry[0]?.updated._value]).toEqual([
      '2026-11-24T12:34:56Z',
      '2026-11-24T12:34:56Z',
    ]);
  });
});

describe('a drug', () => {
  test.each(['mainSearchCriteria.v.dn', 'mainSearchCriteria.v.ot'])(
    'is found by its name in %s alone',
    async (name) => {
      const { feed } = await askService(
        connector,
        `mainSearchCriteria.v.cs=${OID.rxnorm}&${name}=Simvastatin+10+MG+Oral+Tablet`,
      );
      expect(feed.subtitle._value).toMatch(/results for RXCUI$/);
      expect(feed.category[0]).toEqual({ scheme: 'mainSearchCriteria.v.c', term: '' });
      expect(feed.category[2]).toEqual({ scheme: 'mainSearchCriteria.v.dn', term: 'Simvastatin 10 MG Oral Tablet' });
      expect(feed.entry[0]?.title._value).toBe('Simvastatin');
    },
  );

  test.each(['99999140530', '99999-0751-39'])('is found by its name behind the NDC %s', async (code) => {
    const { feed } = await askService(connector, `${criterion('ndc', code)}&mainSearchCriteria.v.dn=Simvastatin`);
    expect(feed.entry[0]?.title._value).toBe('Simvastatin');
  });

  test('is not found by a diagnosis’s title', async () => {
    const { feed } = await askService(
      connector,
      `mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.dn=Simvastatin`,
    );
    expect(feed.entry).toEqual([]);
  });

  test.each(['Acne', 'Acne+vulgaris', 'see+note+of+Monday'])(
    'a diagnosis’s title that does not contradict its code changes nothing in its answer: %s',
    async (title) => {
      const [plain, titled] = [
        await askService(connector, icd('L70')),
        await askService(connector, `${icd('L70')}&mainSearchCriteria.v.dn=${title}`),
      ];
      expect(titled.feed.entry).toEqual(plain.feed.entry);
    },
  );

  test('a diagnosis’s title that names another disease leaves a patient without an answer, and says why', async () => {
    const told = await get(connector, `/service?${icd('L70')}&mainSearchCriteria.v.dn=Asthma`);
    expect(told.headers.get('x-answer')).toBe('title-conflict');
    const forClinician = await get(connector, `/service?${icd('L70')}&mainSearchCriteria.v.dn=Asthma&performer=PROV`);
    expect(forClinician.headers.get('x-answer')).toBe('own; title-conflict');
    expect(forClinician.body).toContain('https://medlineplus.gov/asthma.html');
  });

  test('a clinician sees in the body which reading led to each page', async () => {
    const { feed } = await askService(connector, `${icd('L70')}&mainSearchCriteria.v.dn=Asthma&performer=PROV`);
    expect(feed.subtitle._value).toContain('check which is meant');
    const readings = feed.entry.map(({ title, category }) => [
      title._value,
      category?.map(({ scheme, term }) => [scheme, term]),
    ]);
    expect(readings[0]).toEqual(['Acne', [['matchedBy', 'code']]]);
    expect(readings.at(-1)).toEqual(['Asthma', [['matchedBy', 'title']]]);
  });

  test('a code of an unknown system is answered by its title, and its entry is marked', async () => {
    const query = 'mainSearchCriteria.v.c=A1&mainSearchCriteria.v.cs=1.2.3.4&mainSearchCriteria.v.dn=Asthma';
    const { feed } = await askService(connector, query);
    expect(feed.entry.map(({ title, category }) => [title._value, category?.[0]?.term])).toEqual([['Asthma', 'title']]);
    const none = await get(connector, `/service?${query.replace('Asthma', 'Qzxv')}`);
    expect([none.status, none.headers.get('x-answer')]).toEqual([200, 'unknown-code-system']);
  });
});

describe('the application', () => {
  const page = (query: string) => get(connector, `/application?${query}`);

  test('without parameters is an empty search box', async () => {
    const told = await page('');
    expect(told.status).toBe(200);
    expect(told.body).toMatch(/<input[^>]*name="q"[^>]* value (?!=)/);
  });

  test.each([
    ['a title alone', 'mainSearchCriteria.v.dn=Dry+%22climax%22'],
    ['a title without a code', `mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.dn=Dry+%22climax%22`],
    ['a bad code', `${icd('nonsense')}&mainSearchCriteria.v.dn=Dry+%22climax%22`],
    ['a missing code system', 'mainSearchCriteria.v.c=N53.14&mainSearchCriteria.v.dn=Dry+%22climax%22'],
    [
      'an unknown code system',
      'mainSearchCriteria.v.c=N1&mainSearchCriteria.v.cs=1.2&mainSearchCriteria.v.dn=Dry+%22climax%22',
    ],
  ])('with %s searches by the title, or leads to that search', async (_name, query) => {
    const told = await page(query);
    expect([200, 400]).toContain(told.status);
    expect(told.headers.get('content-type')).toContain('text/html');
    expect(told.body).toMatch(/<input[^>]*value="Dry &quot;climax&quot;"|href="\/find\?q=Dry\+%22climax%22"/);
  });

  test('answers with a page, whatever type is asked for, as MedlinePlus Connect does', async () => {
    const told = await get(connector, `/application?${N53_14}&knowledgeResponseType=application/json`, {
      accept: '*/*',
    });
    expect(told.headers.get('content-type')).toContain('text/html');
    expect(told.body).toContain('001282');
  });
});
