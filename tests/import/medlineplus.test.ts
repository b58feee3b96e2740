import { writeFileSync } from 'node:fs';
import type { DocumentReference } from '@medplum/fhirtypes';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importRelease } from '../../src/cli/import.js';
import { escapeText } from '../../src/core/escape.js';
import type { Article } from '../../src/core/model/article.js';
import { sanitizeSummary } from '../../src/import/read/sanitize-summary.js';
import { readResourceXml } from '../../src/protocols/fhir/syntax/read-xml.js';
import { askFhir } from '../protocols/fhir/fhir-server.js';
import { startConnector } from '../support/connector.js';
import { invariantComplaints } from '../support/fhir-invariants.js';
import type { ImportPlace } from './import-place.js';
import { importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const ACNE = `<health-topic meta-desc="Acne is common." title="Acne" url="https://medlineplus.gov/acne.html" id="1" language="English" date-created="01/07/1999">
<also-called>Pimples</also-called>
<also-called>Zits &amp; spots</also-called>
<full-summary>${escapeText('<h3>What is acne?</h3>\n<p onclick="x()">See <a href="https://medlineplus.gov/skinconditions.html" target="_blank">skin</a> <script>bad()</script>&amp; more.</p>')}</full-summary>
<group url="https://medlineplus.gov/skinhairandnails.html" id="14">Skin, Hair and Nails</group>
<language-mapped-topic url="https://medlineplus.gov/spanish/acne.html" id="2" language="Spanish">Acné</language-mapped-topic>
<mesh-heading><descriptor id="D000152">Acne Vulgaris</descriptor></mesh-heading>
<other-language vernacular="Español" url="https://medlineplus.gov/languages/acne.html">Spanish</other-language>
<primary-institute url="https://www.niams.nih.gov/">National Institute of Arthritis and Musculoskeletal and Skin Diseases</primary-institute>
<related-topic url="https://medlineplus.gov/rosacea.html" id="77">Rosacea</related-topic>
<see-reference>Zits</see-reference>
<site title="Acne" url="https://www.niams.nih.gov/acne"><information-category>Start Here</information-category><organization>NIAMS</organization></site>
</health-topic>`;
const ACNE_ES = `<health-topic title="Acné" url="https://medlineplus.gov/spanish/acne.html" id="2" language="Spanish" date-created="01/07/1999">
<full-summary>${escapeText('<p>El acné es común.</p>')}</full-summary>
<language-mapped-topic url="https://medlineplus.gov/acne.html" id="1" language="English">Acne</language-mapped-topic>
<mesh-heading><descriptor id="D000152">Acne Vulgaris</descriptor></mesh-heading>
<related-topic url="https://medlineplus.gov/spanish/otra.html" id="4">Otra</related-topic>
</health-topic>`;

const topics = (...of: readonly string[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE health-topics SYSTEM "https://medlineplus.gov/xml/mplus_topics.dtd">
<health-topics total="${of.length}" date-generated="11/21/2026 02:30:47">
${of.join('\n')}
</health-topics>
`;

/** A topic of which only this is said. */
const topic = (language: 'English' | 'Spanish', slug: string, id: number, inner = ''): string =>
  `<health-topic title="${slug}" url="https://medlineplus.gov/${language === 'Spanish' ? 'spanish/' : ''}${slug}.html" id="${id}" language="${language}">${inner}</health-topic>`;
const mapped = (language: 'English' | 'Spanish', slug: string, id: number): string =>
  `<language-mapped-topic url="https://medlineplus.gov/${language === 'Spanish' ? 'spanish/' : ''}${slug}.html" id="${id}" language="${language}">x</language-mapped-topic>`;

/** Deeper than a DocumentReference is. */
const DEPTH = 50;
const FILE = 'mplus_topics_2026-11-21.xml';
const importTopics = (...of: readonly string[]) => place.importTexts('medlineplus', { [FILE]: topics(...of) });
const articleOf = (id: string): Promise<Article | undefined> => place.look((library) => library.findArticles([id])[0]);

describe('a topic in both languages', () => {
  test('is one article with both summaries, other names, see-references, groups, institute and related topics', async () => {
    const report = await importTopics(ACNE, ACNE_ES);
    expect(report).toMatchObject({ name: 'medlineplus-2026-11-21', read: 2, rejected: 0 });
    expect(report.imported).toMatchObject({ articles: 1, texts: 2, mappings: 1 });
    expect(await articleOf('topic-acne')).toMatchObject({
      kind: 'topic',
      publisher: { id: 'nlm' },
      institute: 'National Institute of Arthritis and Musculoskeletal and Skin Diseases',
      relatedTopics: ['topic-rosacea'],
      groups: ['Skin, Hair and Nails'],
      texts: {
        en: {
          title: 'Acne',
          url: 'https://medlineplus.gov/acne.html',
          alsoCalled: ['Pimples', 'Zits & spots', 'Zits'],
          summary: {
            html: '<h3>What is acne?</h3>\n<p>See <a href="https://medlineplus.gov/skinconditions.html" rel="noreferrer">skin</a> &amp; more.</p>',
            on: '2026-11-21',
          },
          origin: 'imported',
        },
        es: {
          title: 'Acné',
          url: 'https://medlineplus.gov/spanish/acne.html',
          alsoCalled: [],
          summary: { html: '<p>El acné es común.</p>' },
        },
      },
    });
    const [release] = await place.look((library) => library.findReleases(1));
    expect(release).toMatchObject({ name: 'medlineplus-2026-11-21', builtOn: '2026-11-21', isActive: true });
  });

  test('is one article also where the pages are named differently, by whichever of them says so', async () => {
    await importTopics(
      topic('Spanish', 'diabetestipo2', 12, mapped('English', 'diabetestype2', 11)),
      topic('English', 'diabetestype2', 11),
      topic('Spanish', 'gripe', 22),
      topic('English', 'flu', 21, mapped('Spanish', 'gripe', 22)),
    );
    expect((await articleOf('topic-diabetestype2'))?.texts.es?.url).toMatch(/\/spanish\/diabetestipo2\.html$/);
    expect((await articleOf('topic-flu'))?.texts.es?.title).toBe('gripe');
    expect(await articleOf('topic-gripe')).toBeUndefined();
  });

  test('keeps what other layers know of it', async () => {
    await importTopics(topic('English', 'asthmainchildren', 1));
    expect((await articleOf('topic-asthmainchildren'))?.ageGroups).toContain('child');
  });
});

test('a topic whose summary is endless is left out and named; the others are taken', async () => {
  const endless = `<full-summary>${escapeText('<ul><li>'.repeat(50_000))}</full-summary>`;
  const report = await importTopics(topic('English', 'acne', 1, endless), topic('English', 'flu', 21));
  expect(report).toMatchObject({ read: 2, rejected: 1, imported: { texts: 1 } });
  expect(report.complaints[0]?.reason).toBe('a summary of 400000 characters is too long');
});

test('a Spanish topic without an English one is an article of its own', async () => {
  const related = '<related-topic url="https://medlineplus.gov/spanish/gripe.html" id="22">Gripe</related-topic>';
  await importTopics(
    topic('Spanish', 'solo', 1, `<primary-institute url="x">NIH</primary-institute>${related}`),
    topic('Spanish', 'gripe', 22, mapped('English', 'flu', 21)),
    topic('English', 'flu', 21),
  );
  const solo = await articleOf('topic-solo');
  expect(solo).toMatchObject({ publisher: { id: 'nlm' }, institute: 'NIH', relatedTopics: ['topic-flu'] });
  expect(solo?.texts.en).toBeUndefined();
});

test('MeSH descriptors lead to what is about them, the closest first', async () => {
  const heading = (id: string, qualifier = ''): string =>
    `<mesh-heading><descriptor id="${id}">x</descriptor>${qualifier}</mesh-heading>`;
  const aspect = '<qualifier id="Q000150">complications</qualifier>';
  await importTopics(
    topic('English', 'aspect', 1, heading('D000001', aspect) + heading('D000002')),
    topic('English', 'itself', 2, heading('D000001')),
    topic('English', 'several', 3, heading('D000001') + heading('D000003')),
  );
  const found = async (code: string) =>
    (await place.mappings('mesh', code)).map(({ article, relationship, rank, origin }) => [
      article,
      relationship,
      rank,
      origin,
    ]);
  expect(await found('D000001')).toEqual([
    ['topic-itself', 'equivalent', 1, 'imported'],
    ['topic-several', 'broader', 2, 'imported'],
    ['topic-aspect', 'narrower', 3, 'imported'],
  ]);
  expect(await found('D000002')).toEqual([['topic-aspect', 'equivalent', 1, 'imported']]);
});

test.each([
  ['<h1>Title</h1><h2>Less</h2>', '<h3>Title</h3><h3>Less</h3>'],
  ['<p class="x" style="y">a<br>b</p>', '<p>a<br />b</p>'],
  [
    '<div><em>a</em> <table class="x"><tr><td>b</td></tr></table></div>',
    '<em>a</em> <table><tr><td>b</td></tr></table>',
  ],
  ['<a href="/acne.html">a</a>', '<a href="https://medlineplus.gov/acne.html" rel="noreferrer">a</a>'],
  ['<a href="javascript:alert(1)">a</a> <a>b</a> <a href="">c</a>', 'a b c'],
  [
    '<p><a href="mailto:x">m</a> and <a href="https://a.b/">z</a> end</p><a name="n"><b>o</b></a> <span>p</span>',
    '<p>m and <a href="https://a.b/" rel="noreferrer">z</a> end</p><b>o</b> p',
  ],
  ['<img src="x" onerror="y"><style>z</style>', undefined],
  ['<p>5 &lt; 6 &amp; <ul><li>7', '<p>5 &lt; 6 &amp; </p><ul><li>7</li></ul>'],
  ['', undefined],
])('of %j the library keeps %j', (html, kept) => {
  expect(sanitizeSummary(html, 'https://medlineplus.gov/page.html')).toBe(kept);
});

describe('files', () => {
  const file = topics(ACNE, ACNE_ES);

  test('may come compressed', async () => {
    const zip = await writeZip(join(place.folder, 'mplus_topics_compressed_2026-11-21.zip'), { [FILE]: file });
    expect(await place.importFrom('medlineplus', zip)).toMatchObject({ imported: { texts: 2 } });
    const gz = join(place.folder, `${FILE}.gz`);
    writeFileSync(gz, gzipSync(file));
    expect(await place.importFrom('medlineplus', gz)).toMatchObject({
      name: 'medlineplus-2026-11-21.2',
      imported: { texts: 2 },
    });
  });

  test('that are cut short, announce more than they hold, or are something else change nothing', async () => {
    await importTopics(topic('English', 'flu', 21));
    const before = await place.look((library) => library.status());
    const half = file.slice(0, file.indexOf('</health-topics>'));
    await expect(place.importTexts('medlineplus', { [FILE]: half })).rejects.toThrow(/mplus_topics.*complete XML/);
    const short = file.replace('total="2"', 'total="2000"');
    await expect(place.importTexts('medlineplus', { [FILE]: short })).rejects.toThrow(
      /states 2000 rows and has 2: .*--force/,
    );
    const gz = join(place.folder, `${FILE}.gz`);
    writeFileSync(gz, gzipSync(file).subarray(0, -40));
    await expect(place.importFrom('medlineplus', gz)).rejects.toThrow(/cannot be read to its end/);
    await expect(
      place.importTexts('medlineplus', { [FILE]: '<health-topic-groups total="1"></health-topic-groups>' }),
    ).rejects.toThrow(/health-topic XML: its root element is health-topic-groups/);
    await expect(place.importTexts('medlineplus', { 'topics.txt': 'nothing' })).rejects.toThrow(
      /none of the files is MedlinePlus's health topics.*topics\.txt/,
    );
    expect(await place.look((library) => library.status())).toEqual(before);
  });

  test('with topics that are none leave these out, by line and reason', async () => {
    const report = await importTopics(
      ACNE,
      ACNE_ES,
      topic('English', 'flu', 21),
      '<health-topic title="Far" url="https://example.org/far.html" id="5" language="English"/>',
      topic('English', 'flu', 22),
      topic('English', 'a', 23).replace('"English"', '"Klingon"'),
    );
    expect(report).toMatchObject({ read: 6, rejected: 3, imported: { articles: 2 } });
    expect(report.complaints).toEqual([
      { file: expect.stringMatching(/mplus_topics/), line: 25, reason: expect.stringMatching(/example\.org\/far/) },
      { file: expect.stringMatching(/mplus_topics/), line: 26, reason: 'topic-flu already exists in en' },
      { file: expect.stringMatching(/mplus_topics/), line: 27, reason: expect.stringMatching(/English nor Spanish/) },
    ]);
  });
});

describe('an import and the texts that ship', () => {
  const readAcne = async (name: string, day: string) => {
    const path = join(place.folder, name);
    writeFileSync(path, gzipSync(topics(ACNE, ACNE_ES).replace('11/21/2026', day)));
    await place.importFrom('medlineplus', path);
    return (await articleOf('topic-acne'))?.texts.en?.summary;
  };

  test('a file is read by what it is, whatever its name', async () => {
    expect(await readAcne('download', '11/21/2026')).toMatchObject({
      on: '2026-11-21',
      html: expect.stringMatching(/^<h3>What is acne/) as unknown,
    });
  });
});

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The page of the code for acne, as a browser gets it. */
async function openPage(url: string, language: string, path = '/application', more = '') {
  const criterion = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=L70.0';
  const response = await fetch(`${url}${path}?${criterion}&informationRecipient.languageCode.c=${language}&${more}`);
  return { text: await response.text(), policy: response.headers.get('content-security-policy') };
}

test('a running server answers with the full summaries in both languages, and names the institute', async () => {
  const connector = await startConnector();
  try {
    const path = join(place.folder, FILE);
    writeFileSync(path, topics(ACNE, ACNE_ES));
    const ask = async (language: string) => {
      const query = `mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=L70.0&knowledgeResponseType=application/json&informationRecipient.languageCode.c=${language}`;
      const response = await fetch(`${connector.url}/service?${query}`);
      const { feed } = (await response.json()) as { feed: { entry: { summary: { _value: string } }[] } };
      return { release: response.headers.get('x-library-release'), summary: feed.entry[0]?.summary._value };
    };
    const before = await ask('en');
    expect(before.summary).not.toContain('What is acne?');
    const quiet = { write: () => true };
    const code = await importRelease(connector.config, 'medlineplus', path, {}, { stdout: quiet, stderr: quiet });
    expect(code).toBe(0);
    let after = before;
    while (after.release === before.release) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      after = await ask('en');
    }
    expect(after.release).toContain('medlineplus-2026-11-21');
    expect(after.summary).toMatch(
      /^<p class="NLMalsoCalled">.*Pimples, Zits &amp; spots, Zits<\/p><h3>What is acne\?<\/h3>.*rel="noreferrer"/s,
    );
    expect(after.summary).toMatch(/NIH: National Institute of Arthritis[^<]*MedlinePlus[^<]*<\/p>$/);
    expect((await ask('es')).summary).toContain('<p>El acné es común.</p>');
    const page = await openPage(connector.url, 'en');
    expect(page.text).toContain(
      '<div class="summary" lang="en"><h3>What is acne?</h3>\n<p>See <a href="https://medlineplus.gov/skinconditions.html" rel="noreferrer">skin</a> &amp; more.</p></div>',
    );
    const spanish = await openPage(connector.url, 'es');
    expect(spanish.text).toContain('<div class="summary" lang="es"><p>El acné es común.</p></div>');
    expect([page.policy, spanish.policy]).toEqual([PAGE_POLICY, PAGE_POLICY]);
    for (const [language, summary] of [
      [
        'en',
        '<h3>What is acne?</h3>\n<p>See <a href="https://medlineplus.gov/skinconditions.html" rel="noreferrer">skin</a> &amp; more.</p>',
      ],
      ['es', '<p>El acné es común.</p>'],
    ] as const) {
      const { resource } = await askFhir<DocumentReference>(connector.url, `/DocumentReference/topic-acne-${language}`);
      expect(resource.text?.div).toContain(summary);
      expect(invariantComplaints(resource)).toEqual([]);
      const xml = await fetch(`${connector.url}/fhir/DocumentReference/topic-acne-${language}?_format=xml`);
      expect(readResourceXml(await xml.text(), DEPTH)).toEqual(resource);
    }
    const html = await openPage(connector.url, 'es', '/service', 'knowledgeResponseType=text/html');
    expect(html.text).toContain('<p>El acné es común.</p>');
  } finally {
    await connector.stop();
  }
});
