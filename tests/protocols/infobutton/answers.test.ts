import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { N53_14, OID, articleIds, askHl7, askService, criterion, get, termsOf } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const icd = (code: string): string => criterion('icd10cm', code);
/** An inherited disease of the brain's vessels: its page's key is longer than FHIR lets an id be. */
const LONG = icd('I67.850');
const drug = (name: string): string => `mainSearchCriteria.v.cs=${OID.rxnorm}&mainSearchCriteria.v.dn=${name}`;

describe('a miss', () => {
  const MISSES: readonly [query: string, header: string, reason: string][] = [
    [icd('ZZZ99'), 'impossible-code', 'ICD-10-CM has no such code'],
    [icd('diabetes mellitus'), 'impossible-code', 'ICD-10-CM has no such code'],
    [icd('x'.repeat(500)), 'impossible-code', 'ICD-10-CM has no such code'],
    [criterion('snomed', '195967002'), 'impossible-code', 'SNOMED CT has no such code'],
    [criterion('loinc', '4548-5'), 'impossible-code', 'LOINC has no such code'],
    [`mainSearchCriteria.v.cs=${OID.icd10cm}`, 'no-code', 'no code was sent'],
    [`mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.c=+`, 'no-code', 'no code was sent'],
    [`mainSearchCriteria.v.cs=${OID.icd10cm}&mainSearchCriteria.v.dn=Acne`, 'no-code', 'no code was sent'],
    [criterion('cpt', '99213'), 'system-not-shipped', 'without rows for CPT'],
    [criterion('rxnorm', '99999999'), 'code-not-mapped', 'no article for this code'],
    [drug('xyzzyline'), 'drug-name-not-known', 'no article under this drug name'],
    [drug('sofosbuvir-velpatasvir'), 'drug-without-page', 'the drug is known'],
    [icd('F65'), 'no-page-on-purpose', 'no article suits this code'],
    [icd('F65.4'), 'no-page-on-purpose', 'no article suits this code'],
    [`${icd('L22')}&age.v.v=8&age.v.u=a`, 'audience', 'for another age group'],
    [`${icd('T74.A1')}&performer=PAT`, 'code-not-mapped', 'no article for this code'],
  ];

  test.each(MISSES)('%s is an empty feed that says why: %s', async (query, header, reason) => {
    const answer = await askHl7(connector, query);
    expect(answer.status).toBe(200);
    expect(answer.feed.entry).toEqual([]);
    expect(answer.headers.get('x-answer')).toBe(header);
    expect(answer.feed.subtitle._value).toContain(reason);
    expect(answer.feed.rights).toBeUndefined();
  });

  test.each(MISSES)('%s is an empty feed in MedlinePlus Connect’s words', async (query, header) => {
    const answer = await askService(connector, query);
    expect(answer.status).toBe(200);
    expect(answer.feed.entry).toEqual([]);
    expect(answer.headers.get('x-answer')).toBe(header);
    expect(answer.feed.category).toHaveLength(4);
    expect(answer.feed.subtitle._value).toMatch(/ results for /);
  });

  test.each(MISSES)('%s is explained on request', async (query, header) => {
    for (const answer of [
      await askHl7(connector, `${query}&explain=true`),
      await askService(connector, `${query}&explain=true`),
    ]) {
      const told = termsOf(answer.feed, 'explain').filter((term) => term.startsWith('missed: '));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain(header);
    }
  });

  test('says in Spanish why', async () => {
    const { feed } = await askHl7(connector, `${icd('ZZZ99')}&informationRecipient.languageCode.c=es`);
    expect(feed.subtitle._value).toContain('ICD-10-CM no tiene ese código');
  });

  test('on purpose gives the curator’s reason', async () => {
    const { feed } = await askHl7(connector, `${icd('F65')}&explain=true`);
    expect(termsOf(feed, 'explain').join(' ')).toContain('paraphilias');
  });
});

describe('a code that plainly belongs to another system', () => {
  const HINTS: readonly [query: string, id: string, label: string][] = [
    [criterion('icd9cm', 'N53.14'), 'icd-10-cm', 'ICD-10-CM'],
    [criterion('icd9cm', 'e11.9'), 'icd-10-cm', 'ICD-10-CM'],
    [criterion('icd10cm', '401.9'), 'icd-9-cm', 'ICD-9-CM'],
    [criterion('icd10cm', '4548-4'), 'loinc', 'LOINC'],
    [criterion('icd10cm', '195967001'), 'snomed-ct', 'SNOMED CT'],
    [criterion('snomed', 'J45.909'), 'icd-10-cm', 'ICD-10-CM'],
    [criterion('loinc', 'N53.14'), 'icd-10-cm', 'ICD-10-CM'],
    [criterion('icd10cm', '00310-0751-39'), 'ndc', 'NDC'],
  ];

  test.each(HINTS)('%s gets the hint %s', async (query, id, label) => {
    const answer = await askHl7(connector, query);
    expect(answer.feed.entry).toEqual([]);
    expect(answer.headers.get('x-answer')).toBe(`impossible-code; hint=${id}`);
    expect(answer.feed.subtitle._value).toContain(`it looks like a code of ${label}`);
  });

  test('is told so in sentences that end once', async () => {
    for (const language of ['en', 'es']) {
      const query = `${criterion('icd9cm', 'N53.14')}&informationRecipient.languageCode.c=${language}`;
      expect((await askHl7(connector, query)).feed.subtitle._value).toMatch(/[^.]\.$/);
    }
  });

  test('is told so on the page', async () => {
    const { status, body } = await get(connector, `/application?${criterion('icd9cm', 'N53.14')}`);
    expect(status).toBe(200);
    expect(body).toContain('it looks like a code of ICD-10-CM');
  });
});

describe('the X-Answer header', () => {
  test.each([
    [N53_14, 'own'],
    [icd('E11.3211'), 'ancestor'],
    [icd('E11.9'), 'ancestor'],
    [icd('E11.9999'), 'impossible-code'],
    [drug('Simvastatin+10+MG+Oral+Tablet'), 'name'],
  ])('of %s says how the answer was found: %s', async (query, how) => {
    for (const type of ['text/xml', 'application/json', 'application/javascript&callback=cb']) {
      for (const path of ['/infobutton', '/service']) {
        const { headers } = await get(connector, `${path}?${query}&knowledgeResponseType=${type}`);
        expect(headers.get('x-answer')).toBe(how);
        expect(headers.get('access-control-expose-headers')).toContain('X-Answer');
      }
    }
  });
});

describe('explain=true', () => {
  test('names the number that a title has and its code has not, in our words', async () => {
    const query = `${icd('E11.9')}&mainSearchCriteria.v.dn=Diabetes%20mellitus%20tipo%20I&explain=true`;
    const { feed } = await askHl7(connector, query);
    expect(feed.entry).toEqual([]);
    expect(termsOf(feed, 'explain')).toContain('title and code contradict each other: the title states type 1');
  });

  test('tells the way from the code to the article, and what was rejected', async () => {
    const query = `${icd('J45')}&age.v.v=60&age.v.u=a&explain=true`;
    for (const { feed } of [await askHl7(connector, query), await askService(connector, query)]) {
      expect(termsOf(feed, 'explain')).toContain('rejected topic-asthmainchildren: audience-age');
      for (const entry of feed.entry) expect(termsOf(entry, 'explain')[0]).toMatch(/path asked icd-10-cm J45/);
    }
  });

  test('names the day on which the code was withdrawn', async () => {
    const termsFor = async (code: string): Promise<string[]> =>
      termsOf((await askHl7(connector, `${icd(code)}&explain=true`)).feed, 'explain');
    expect(await termsFor('T52.8X1A')).toContain('withdrawn on 2026-10-01: deleted');
    expect(await termsFor('M72.2')).toContain('withdrawn on 2026-10-01: no longer billable, more specific codes are');
    expect((await termsFor('M67.A01')).filter((term) => term.startsWith('withdrawn'))).toEqual([]);
  });

  test('names each ancestor on the way', async () => {
    const { feed } = await askHl7(connector, `${icd('E11.3211')}&explain=true`);
    const [entry] = feed.entry;
    expect(entry && termsOf(entry, 'explain')[0]).toMatch(/asked icd-10-cm E11\.3211 > ancestor icd-10-cm E11\.3\b/);
    expect(entry && termsOf(entry, 'explain')[0]).toContain('relationship broader');
  });

  test('names what was left out, and why', async () => {
    const { feed } = await askHl7(connector, `${icd('D50')}&explain=true`);
    expect(feed.entry).toHaveLength(3);
    expect(termsOf(feed, 'explain').filter((term) => /^rejected \S+: \S/.test(term))).toHaveLength(2);
  });

  test.each(['', '&explain=', '&explain=false', '&explain=0', '&explain=nonsense'])(
    'is needed for any of it (%p)',
    async (query) => {
      const { body } = await askHl7(connector, `${icd('D50')}${query}`);
      expect(body).not.toContain('beyond-count');
      expect(body).not.toContain('"explain"');
    },
  );

  test.each(['&explain=TRUE', '&EXPLAIN=true', '&Explain=True'])('is understood as %p', async (query) => {
    expect(termsOf((await askHl7(connector, N53_14 + query)).feed, 'explain')).toContain('looked up as N53.14');
  });
});

describe('an entry of HL7’s dialect', () => {
  test.each([N53_14, icd('L70'), icd('E11.3211'), icd('D50'), `${icd('L70')}&taskContext.c.c=DISCHINSTE`])(
    'of %s has a relevance between 0 and 1 that never rises',
    async (query) => {
      const { feed } = await askHl7(connector, query);
      const scores = feed.entry.map((entry) => {
        const terms = termsOf(entry, 'relevanceScore');
        expect(terms).toHaveLength(1);
        return Number(terms[0]);
      });
      for (const score of scores) expect(score).toBeGreaterThan(0);
      for (const score of scores) expect(score).toBeLessThanOrEqual(1);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    },
  );

  test('states its publisher’s copyright and emergency disclaimer, and the feed its copyright', async () => {
    const { feed } = await askHl7(connector, N53_14);
    expect(feed.rights?._value).toMatch(/^Copyright 1997-2020, A\.D\.A\.M/);
    expect(feed.entry[0]?.rights?._value).toMatch(/^Copyright 1997-2020, A\.D\.A\.M/);
    expect(feed.entry[0]?.rights?._value).toContain('should not be used during any medical emergency');
  });

  test('states its rights in the asked language', async () => {
    const { feed } = await askHl7(connector, `${N53_14}&informationRecipient.languageCode.c=es`);
    expect(feed.entry[0]?.rights?._value).toContain('no debe utilizarse durante ninguna emergencia médica');
  });

  test('is related to its translation, its topics and its patient instructions', async () => {
    const { feed } = await askHl7(connector, N53_14);
    const related = (feed.entry[0]?.link ?? []).filter(({ rel }) => rel === 'related').map(({ href }) => href);
    const base = 'https://medlineplus.gov/';
    expect(new Set(related)).toEqual(
      new Set([
        `${base}ency/patientinstructions/000299.htm`,
        `${base}ency/patientinstructions/000300.htm`,
        `${base}ency/patientinstructions/000301.htm`,
        `${base}maleinfertility.html`,
        `${base}sexualproblemsinmen.html`,
        `${base}spanish/ency/article/001282.htm`,
      ]),
    );
  });

  test('was updated when its page was reviewed, and has an id that can be read by FHIR', async () => {
    const { feed } = await askHl7(connector, N53_14);
    expect(feed.entry[0]?.updated._value).toBe('2019-01-31T00:00:00Z');
    expect(articleIds(feed)).toEqual(['ency-001282']);
    const id = feed.entry[0]?.id._value.replace(/^.*\/DocumentReference\//, '') ?? '';
    expect((await get(connector, `/fhir/DocumentReference/${id}`)).status).toBe(200);
  });

  test('carries names, publisher and attribution only: no text of a licensed page', async () => {
    const { feed } = await askHl7(connector, N53_14);
    const summary = feed.entry[0]?.summary._value ?? '';
    expect(summary).toMatch(/^<p class="NLMalsoCalled">Also called: Ejaculation retrograde, Dry climax<\/p>/);
    expect(summary).not.toMatch(/bladder|semen|prostate|diabetes/i);
  });

  test('with a long key has the same shortened id as in FHIR', async () => {
    const { feed } = await askHl7(connector, LONG);
    expect(feed.entry.length).toBeGreaterThan(0);
    for (const { id } of feed.entry) {
      const key = id._value.replace(/^.*\//, '');
      expect(key.length).toBeLessThanOrEqual(64);
      expect((await get(connector, `/fhir/DocumentReference/${key}`)).status).toBe(200);
    }
  });
});
