import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import { N53_14, addresses, askHl7, askService, criterion, get, termsOf } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const LANGUAGE = 'informationRecipient.languageCode.c';
const ENGLISH = 'https://medlineplus.gov/ency/article/001282.htm';
const SPANISH = 'https://medlineplus.gov/spanish/ency/article/001282.htm';

const SENT: readonly [sent: string, language: string, used: boolean][] = [
  ['en', 'en', true],
  ['EN', 'en', true],
  ['en-US', 'en', true],
  ['es', 'es', true],
  ['ES', 'es', true],
  ['es-MX', 'es', true],
  ['es-mx', 'es', true],
  ['es-419', 'es', true],
  ['sp', 'es', true],
  ['SP', 'es', true],
  ['spa', 'es', true],
  ['fr', 'en', false],
  ['zz-ZZ', 'en', false],
  ['est', 'en', false],
  ['', 'en', false],
  ['constructor', 'en', false],
];

describe.each(SENT)('the recipient’s language %p', (sent, language, used) => {
  const address = language === 'es' ? SPANISH : ENGLISH;

  test(`is ${language} in HL7’s dialect, on the feed, its entries and its links`, async () => {
    const { feed, headers } = await askHl7(connector, `${N53_14}&${LANGUAGE}=${sent}`);
    expect(feed.lang).toBe(language);
    expect(headers.get('content-language')).toBe(language);
    expect(addresses(feed)).toEqual([address]);
    expect(feed.entry[0]?.lang).toBe(language);
    expect(feed.entry[0]?.link[0]?.hreflang).toBe(language);
  });

  test(`is ${used ? 'mirrored' : 'not mirrored'} in a category`, async () => {
    const { feed } = await askHl7(connector, `${N53_14}&${LANGUAGE}=${sent}`);
    expect(termsOf(feed, LANGUAGE)).toEqual(used ? [sent] : []);
  });

  test(`is ${language} in MedlinePlus Connect’s dialect`, async () => {
    const { feed, headers } = await askService(connector, `${N53_14}&${LANGUAGE}=${sent}`);
    expect(feed.lang).toBe(language);
    expect(headers.get('content-language')).toBe(language);
    expect(addresses(feed)).toEqual([`${address}?utm_source=mplusconnect&utm_medium=service`]);
  });

  test(`is ${language} on the page`, async () => {
    const { body, headers } = await get(connector, `/application?${N53_14}&${LANGUAGE}=${sent}`);
    expect(body).toContain(`<html lang="${language}"`);
    expect(body).toContain(`href="${address}"`);
    expect(headers.get('content-language')).toBe(language);
  });
});

describe('an article that is in English only', () => {
  const folder = temporaryFolder();
  const HANDOUT = criterion('icd10cm', 'J45');
  let site: TestConnector;
  beforeAll(async () => {
    writeFileSync(join(folder.path, 'icd10_j45_en.html'), '<title>Asthma at our clinic</title>');
    site = await startConnector({ env: { LOCAL_LIBRARY: folder.path } });
  });
  afterAll(async () => {
    await site.stop();
    folder.remove();
  });

  test('is offered to a reader of Spanish in English, and marked', async () => {
    const { feed } = await askHl7(site, `${HANDOUT}&${LANGUAGE}=es`);
    expect(feed.lang).toBe('es');
    expect(feed.entry.map(({ lang, link }) => [lang, link[0]?.hreflang])).toEqual([['en', 'en']]);
    expect(feed.entry[0]?.summary._value).toContain('Disponible solo en inglés');
  });

  test('is marked on the page', async () => {
    const { body } = await get(site, `/application?${HANDOUT}&${LANGUAGE}=es`);
    expect(body).toContain('Disponible solo en inglés');
  });

  test('bears no mark for a reader of English', async () => {
    const { feed } = await askHl7(site, HANDOUT);
    expect(feed.entry[0]?.title._value).toBe('Asthma at our clinic');
    expect(feed.entry[0]?.summary._value).not.toContain('English only');
  });
});

test('the recipient’s language weighs more than the performer’s', async () => {
  const query = `${N53_14}&${LANGUAGE}=es&performer=PAT&performer.languageCode.c=en`;
  expect((await askHl7(connector, query)).feed.lang).toBe('es');
});

test('a clinician’s own language does not decide what the patient reads', async () => {
  const query = `${N53_14}&performer=PROV&performer.languageCode.c=es`;
  expect((await askHl7(connector, query)).feed.lang).toBe('en');
});

test('both languages of an article are linked as alternates, the asked one first', async () => {
  const { feed } = await askHl7(connector, `${N53_14}&${LANGUAGE}=es`);
  const alternates = (feed.entry[0]?.link ?? []).filter(({ rel }) => rel === 'alternate');
  expect(alternates.map(({ href, hreflang }) => [href, hreflang])).toEqual([
    [SPANISH, 'es'],
    [ENGLISH, 'en'],
  ]);
});

test('a handout that a site has in Spanish only is not called English for a reader of English', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder.path, 'icd10_n53.14_es.html'), '<title>Eyaculación seca</title>');
  const site = await startConnector({ env: { LOCAL_LIBRARY: folder.path } });
  try {
    const { feed } = await askHl7(site, N53_14);
    expect(feed.entry.map(({ lang, title }) => [lang, title._value])).toEqual([['es', 'Eyaculación seca']]);
    expect(feed.entry[0]?.link.map(({ hreflang }) => hreflang)).toEqual(['es']);
    expect(feed.entry[0]?.summary._value).not.toContain('English only');
    expect((await get(site, `/application?${N53_14}`)).body).not.toContain('English only');
  } finally {
    await site.stop();
    folder.remove();
  }
});
