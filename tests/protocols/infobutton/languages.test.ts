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

/** Sent language, language of the answer, and the mirrored one: of a language that is none of ours its tag. */
const SENT: readonly [sent: string, language: string, mirrored: string | undefined][] = [
  ['en', 'en', 'en'],
  ['EN', 'en', 'EN'],
  ['en-US', 'en', 'en-US'],
  ['es', 'es', 'es'],
  ['ES', 'es', 'ES'],
  ['es-MX', 'es', 'es-MX'],
  ['es-mx', 'es', 'es-mx'],
  ['es-419', 'es', 'es-419'],
  ['sp', 'es', 'sp'],
  ['SP', 'es', 'SP'],
  ['spa', 'es', 'spa'],
  ['fr', 'en', 'fr'],
  ['zz-ZZ', 'en', undefined],
  ['est', 'en', 'et'],
  ['', 'en', undefined],
  ['constructor', 'en', undefined],
];

describe.each(SENT)('the recipient’s language %p', (sent, language, mirrored) => {
  const address = language === 'es' ? SPANISH : ENGLISH;

  test(`is ${language} in HL7’s dialect, on the feed, its entries and its links`, async () => {
    const { feed, headers } = await askHl7(connector, `${N53_14}&${LANGUAGE}=${sent}`);
    expect(feed.lang).toBe(language);
    expect(headers.get('content-language')).toBe(language);
    expect(addresses(feed)).toEqual([address]);
    expect(feed.entry[0]?.lang).toBe(language);
    expect(feed.entry[0]?.link[0]?.hreflang).toBe(language);
  });

  test(`is ${mirrored === undefined ? 'not mirrored' : 'mirrored'} in a category`, async () => {
    const { feed } = await askHl7(connector, `${N53_14}&${LANGUAGE}=${sent}`);
    expect(termsOf(feed, LANGUAGE)).toEqual(mirrored === undefined ? [] : [mirrored]);
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

test('the page in the asked language is the one alternate, its translation is related', async () => {
  const { feed } = await askHl7(connector, `${N53_14}&${LANGUAGE}=es`);
  const links = (feed.entry[0]?.link ?? []).map(({ rel, href, hreflang }) => [rel, href, hreflang]);
  expect(links.filter(([rel]) => rel === 'alternate')).toEqual([['alternate', SPANISH, 'es']]);
  expect(links[1]).toEqual(['related', ENGLISH, 'en']);
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

describe('a reader of a language that is none of ours', () => {
  const MMR = criterion('cvx', '03');
  const STATEMENT = 'https://www.immunize.org/wp-content/uploads/vis/vietnamese_mmr.pdf';
  const ASTHMA = criterion('icd10cm', 'J45.909');
  const LIST = 'https://medlineplus.gov/languages/asthma.html';
  type Entry = Awaited<ReturnType<typeof askHl7>>['feed']['entry'][number];
  const related = (entry: Entry | undefined) => (entry?.link ?? []).filter(({ rel }) => rel === 'related');

  test.each(['vi', 'vie', 'VI', 'vi-VN', 'vi_VN'])(
    '%s: is linked to the statement in that language, first told so',
    async (sent) => {
      const { feed } = await askHl7(connector, `${MMR}&${LANGUAGE}=${sent}`);
      expect(feed.subtitle._value).toMatch(
        /^No article here is in Vietnamese; related links lead to pages that are\. /,
      );
      const [link] = related(feed.entry.find(({ title }) => title._value.startsWith('MMR Vaccine')));
      expect(link).toMatchObject({ href: STATEMENT, type: 'application/pdf', hreflang: 'vi' });
      expect(link?.title).toBe('MMR Vaccine (Measles, Mumps, Rubella) (Immunize.org)');
      expect(termsOf(feed, LANGUAGE)).toEqual(['vi']);
    },
  );

  test('is linked in MedlinePlus Connect’s dialect too, and told so', async () => {
    const { feed } = await askService(connector, `${MMR}&${LANGUAGE}=vi`);
    expect(feed.subtitle._value).toMatch(/^No article here is in Vietnamese; related links/);
    const links = feed.entry.flatMap(({ link }) => link.map(({ href }) => href));
    expect(links).toContain(STATEMENT);
  });

  test('is told so where there is no page in it, with the list of languages', async () => {
    const { feed } = await askHl7(connector, `${ASTHMA}&${LANGUAGE}=pl`);
    expect(feed.subtitle._value).toMatch(/^No article here is in Polish\. /);
    const [translation, list] = related(feed.entry[0]);
    expect([translation?.hreflang, list?.href, list?.hreflang]).toEqual(['es', LIST, 'mul']);
    expect(list?.title).toBe('Other languages (MedlinePlus)');
  });

  test('is told so on the page, with the link on the card', async () => {
    const { body } = await get(connector, `/application?${MMR}&${LANGUAGE}=vi`);
    expect(body).toContain('The patient reads Vietnamese.');
    expect(body.indexOf('The patient reads Vietnamese.')).toBeLessThan(body.indexOf('<article'));
    expect(body).toContain(`href="${STATEMENT}"`);
    expect(body).toContain('Vietnamese (<bdi lang="vi">Tiếng Việt</bdi>): ');
  });

  test.each(['zh-TW', 'qqq', 'x-vi', 'vi john', `vi-${'a'.repeat(40)}`])(
    'has no link, for %s is not the language of any',
    async (sent) => {
      const { feed } = await askHl7(connector, `${MMR}&${LANGUAGE}=${encodeURIComponent(sent)}`);
      expect(JSON.stringify(feed)).not.toContain('immunize.org');
    },
  );

  test('a reader of Spanish is led from an English statement to the Spanish one', async () => {
    const { feed } = await askHl7(connector, `${MMR}&${LANGUAGE}=es`);
    expect(feed.entry.map(({ lang }) => lang).slice(0, 2)).toEqual(['es', 'en']);
    expect(related(feed.entry[1])[0]?.href).toMatch(/spanish_mmr\.pdf$/);
    expect(feed.subtitle._value).not.toContain('Ningún artículo');
  });

  test('the recipient’s foreign language stays, where the patient who asks reads one of ours', async () => {
    const query = `${MMR}&${LANGUAGE}=vi&performer=PAT&performer.languageCode.c=es`;
    const { feed } = await askHl7(connector, query);
    expect([feed.lang, feed.subtitle._value.includes('vietnamita')]).toEqual(['es', true]);
  });
});
