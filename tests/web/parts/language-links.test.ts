import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { attributesOf, elementsOf, textOf } from '../read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const open = async (path: string): Promise<string> =>
  (await ask(connector.url, path, { headers: { Accept: 'text/html' } })).text;

async function packet(resources: readonly object[]): Promise<string> {
  const list = JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
  const { text } = await ask(connector.url, '/packet', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' },
    body: new URLSearchParams({ list }).toString(),
  });
  return text;
}

const STATEMENT = 'https://www.immunize.org/wp-content/uploads/vis/vietnamese_mmr.pdf';
const linksTo = (page: string, address: string) =>
  elementsOf(page, 'a')
    .map(attributesOf)
    .filter(({ href }) => href === address);

describe("an article's page names pages in other languages", () => {
  test('each with its language, title and publisher', async () => {
    const page = await open('/article/vis-mmr');
    expect(textOf(page)).toMatch(
      /In other languages.*Vietnamese \(\s*Tiếng Việt\s*\):\s+MMR Vaccine.*\(Immunize\.org\)/s,
    );
    expect(linksTo(page, STATEMENT)).toMatchObject([{ hreflang: 'vi', rel: 'noopener noreferrer' }]);
    // The page is in English itself.
    expect(linksTo(page, 'https://www.immunize.org/wp-content/uploads/vis/mmr.pdf')).toEqual([]);
  });

  test('or where all languages of a topic are listed', async () => {
    const page = await open('/article/topic-asthma?lang=es');
    expect(textOf(page)).toMatch(/En otros idiomas.*Otros idiomas \(MedlinePlus\)/s);
    expect(linksTo(page, 'https://medlineplus.gov/languages/asthma.html')).toHaveLength(1);
  });

  test('and says nothing where there is none', async () => {
    expect(textOf(await open('/article/ency-001282'))).not.toContain('In other languages');
  });
});

describe('a packet for a patient who reads a language that is none of ours', () => {
  const patient = {
    resourceType: 'Patient',
    communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'vi' }] }, preferred: true }],
  };
  const shot = {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '03' }] },
    occurrenceDateTime: '2026-11-01',
  };

  test('says so before the articles, and each article links to its page in that language', async () => {
    const page = await packet([patient, shot]);
    const said = page.indexOf('The patient reads Vietnamese.');
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThan(page.indexOf('class="entry'));
    expect(linksTo(page, STATEMENT).length).toBeGreaterThan(0);
  });

  test('and nothing of it for any other patient', async () => {
    expect(await packet([shot])).not.toContain('The patient reads');
  });
});

describe('a page that is asked for in a language that is none of ours', () => {
  const LIST = 'https://medlineplus.gov/languages/asthma.html';
  const leads = (page: string, said: string, address: string): void => {
    expect(page.indexOf(said)).toBeGreaterThan(0);
    expect(page.indexOf(said)).toBeLessThan(page.search(/<article|class="entry/));
    expect(linksTo(page, address).length).toBeGreaterThan(0);
  };

  test.each([
    ['/find?q=mmr+vaccine&lang=vi'],
    ['/find?q=03&system=cvx&lang=vie'],
    ['/code/cvx/03?lang=vi'],
    ['/article/vis-mmr?lang=vi-VN'],
    ['/packet?code=cvx%7C03&lang=vi'],
    ['/application?mainSearchCriteria.v.dn=MMR+vaccine&informationRecipient.languageCode.c=vi'],
  ])('%s says so first, and links to the page in it', async (path) => {
    leads(await open(path), 'The patient reads Vietnamese.', STATEMENT);
  });

  test('where no article is in it, says so, and links to the list of languages', async () => {
    leads(
      await open('/find?q=asthma&lang=vi'),
      'No article here is in that language; where an article has a list',
      LIST,
    );
  });

  test('where there is no list either, says so alone', async () => {
    const page = await open('/find?q=retrograde+ejaculation&lang=vi');
    expect(textOf(page)).toContain('The patient reads Vietnamese. No article here is in that language.');
  });

  test('keeps the language in its own links, its search box and the choice for the sheet', async () => {
    const page = await open('/find?q=asthma&lang=vi');
    expect(page).toContain('href="/article/topic-asthma?lang=vi"');
    expect(page).toMatch(/<input type="hidden" name="lang" value="vi"/);
    expect(page).toMatch(/<option value="vi" selected/);
    expect(page).toContain('<html lang="en">');
  });

  test.each(['', '&lang=es', '&lang=zz', '&lang=%3Cscript%3E'])('says nothing of it with "%s"', async (lang) => {
    const page = await open(`/find?q=asthma${lang}`);
    expect(page).not.toMatch(/The patient reads|El paciente lee/);
    expect(linksTo(page, LIST).length).toBe(1);
  });
});

/** A sentence of each language, in the letters of its usual script. */
const LABELLED = [
  ['vi', 'vi', /Đọc bằng tiếng Việt: MMR Vaccine .*\(Immunize\.org\)/, /Hướng máy ảnh/],
  ['zh', 'zh-Hans', /阅读中文版: MMR Vaccine/, /请用手机相机/],
  ['zh-TW', 'zh-Hant', /其他語言|閱讀中文版/, /請用手機相機/],
  ['ar', 'ar', /اقرأ باللغة العربية: MMR Vaccine/, /وجّه كاميرا/],
  ['tl', 'tl', /Basahin sa Tagalog: MMR Vaccine/, /Itutok ang camera/],
] as const;

describe('the words around a link to a page in a further language', () => {
  test.each(LABELLED)('%s: on paper they are in that language, and marked as such', async (asked, tag, read, scan) => {
    const article = asked === 'zh-TW' ? 'topic-asthma' : 'vis-mmr';
    const page = await open(`/handout?article=${article}&language=${asked}`);
    const address = new RegExp(`<p lang="${tag}" dir="auto">(.*?)</p>`, 's').exec(page)?.[1] ?? '';
    expect(textOf(address)).toMatch(read);
    expect(textOf(address)).toMatch(scan);
    // Every letter of theirs is in a font of the PDF.
    expect(page).not.toContain('The PDF cannot be made');
  });

  test('on a patient’s page too; a clinician’s keeps the name in its language', async () => {
    const asked =
      '/application?mainSearchCriteria.v.c=03&mainSearchCriteria.v.cs=2.16.840.1.113883.12.292&informationRecipient.languageCode.c=vi';
    const patient = await open(`${asked}&performer=PAT`);
    expect(patient).toMatch(/<a [^>]*hreflang="vi" lang="vi">Đọc bằng tiếng Việt/);
    expect(await open(asked)).toMatch(/Vietnamese \(<bdi lang="vi">Tiếng Việt<\/bdi>\)/);
  });

  test('a language without labels keeps the page’s words', async () => {
    const page = await open('/handout?article=topic-asthma&language=am');
    expect(page).not.toContain('dir="auto">Other');
    expect(textOf(page)).toContain('Other languages (MedlinePlus)');
  });
});

describe('a handout for a patient who reads a language that is none of ours', () => {
  test('says so before the form, and has the address and the code of each page in it', async () => {
    const page = await open('/handout?article=vis-mmr&language=vi');
    expect(page.indexOf('The patient reads Vietnamese.')).toBeLessThan(page.indexOf('<article class="paper"'));
    const [, paper = ''] = page.split('<article class="paper"');
    expect(paper).not.toContain('The patient reads');
    expect(linksTo(paper, STATEMENT)).toHaveLength(1);
    expect(textOf(paper).replaceAll('\u200b', '')).toContain('immunize.org/wp-content/uploads/vis/vietnamese_mmr.pdf');
    expect(elementsOf(paper, 'svg')).toHaveLength(2);
    expect(page).toMatch(/<option value="vi" selected/);
  });

  test('and none of it in English', async () => {
    const page = await open('/handout?article=vis-mmr');
    expect(page).not.toMatch(/The patient reads|value="vi"/);
    expect(linksTo(page, STATEMENT)).toEqual([]);
  });
});
