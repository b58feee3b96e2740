import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { NO_ROWS, ROW_KINDS, type LibraryRows } from '../../src/build/source.js';
import { findImportSource } from '../../src/import/sources.js';
import { readCsvRows } from '../support/csv-rows.js';
import { DATA, describeWithData, read } from '../support/shared-data.js';
import { SETTING, fileOf, rejections } from './import-place.js';

/** The rows of files, beside the statements that ship, and what is rejected of them. */
async function importTexts(texts: Readonly<Record<string, string>>, isMapped = (_code: string) => false) {
  const rows = Object.fromEntries(ROW_KINDS.map((kind) => [kind, [...NO_ROWS[kind]]])) as unknown as Record<
    string,
    unknown[]
  >;
  const log = rejections();
  const inputs = Object.entries(texts).map(([name, text]) => fileOf(name, text));
  const setting = { ...SETTING, isMapped: ({ code }: { code: string }) => isMapped(code) };
  for await (const portion of findImportSource('vis')?.read(inputs, log, setting) ?? [])
    for (const [kind, some = []] of Object.entries(portion)) rows[kind]?.push(...some);
  const { articles, texts: titles, mappings } = rows as unknown as LibraryRows;
  return {
    articles,
    titles,
    pairs: mappings.map(({ code, article, relationship }) => `${code} ${article ?? ''} ${relationship}`),
    rejected: log.rejected,
  };
}

const SITE = 'https://www.cdc.gov/vaccines/hcp/current-vis';
const page = (name: string, gdti: string, url: string): string => `<VISURLInfo>
<VIS_Document_Type_Description_ConceptName>${name}</VIS_Document_Type_Description_ConceptName>
<VIS_GDTI_document_Conceptcode>${gdti}</VIS_GDTI_document_Conceptcode>
<VIS_PDF_URL xlink:href="${url.replace('.html', '.pdf')}"/><VIS_HTML_URL xlink:href="${url}"/></VISURLInfo>`;
const edition = (name: string, gdti: string, day: string, status: string): string => `<VISInfo>
<VIS_Document_Type_Description>${name}</VIS_Document_Type_Description><Edition_Date>${day}</Edition_Date>
<VIS_encoded_string>${gdti}${day}</VIS_encoded_string><VIS_GDTI_document_code>${gdti}</VIS_GDTI_document_code>
<status>${status}</status><Lastupdated>${day}</Lastupdated></VISInfo>`;
const vaccine = (code: string, encoded: string, status = 'Current'): string => `<CVXVISMapping>
<CVXCode>${code}       </CVXCode><Fully-encodedString>${encoded}</Fully-encodedString><Status>${status}</Status></CVXVISMapping>`;

const MARBURG = '0886983000707';
const LIVE = '0886983000714';
const HEP_B = '0886983000059';
const files = (rows: { pages?: string[]; editions?: string[]; vaccines?: string[] } = {}): Record<string, string> => ({
  'urls.xml': `<VISURL xmlns:xlink="http://www.w3.org/1999/xlink">${[
    page('Marburg VIS', MARBURG, `${SITE}/marburg.html`),
    page('Marburg (Live) VIS', LIVE, `${SITE}/marburg-live.html`),
    page('Hepatitis B VIS', HEP_B, `${SITE}/hepatitis-b.html`),
    ...(rows.pages ?? []),
  ].join('')}</VISURL>`,
  'statements.xml': `<VISLookup>${[
    edition('Marburg VIS', MARBURG, '1/5/2025', 'Historic'),
    edition('Marburg VIS', MARBURG, '9/30/2026', 'Current'),
    edition('Marburg (Live) VIS', LIVE, '9/30/2026', 'Current'),
    edition('Hepatitis B Vaccine VIS', HEP_B, '10/15/2026', 'Current'),
    ...(rows.editions ?? []),
  ].join('')}</VISLookup>`,
  'vaccines.xml': `<CVXVIS>${[
    vaccine('901', `${MARBURG}9/30/2026`),
    vaccine('901', `${MARBURG}1/5/2025`, 'Historic'),
    vaccine('902', `${MARBURG}9/30/2026`),
    vaccine('902', `${HEP_B}10/15/2026`),
    ...(rows.vaccines ?? []),
  ].join('')}</CVXVIS>`,
  'cvx.xml': '<CVXCodes><CVXInfo><CVXCode>01</CVXCode></CVXInfo></CVXCodes>',
});

test('a new statement is an article with its edition; a known one keeps its title and has the new edition', async () => {
  const { articles, titles, rejected } = await importTexts(files());
  expect(rejected).toEqual([]);
  expect(articles).toHaveLength(3);
  expect(articles).toContainEqual({ id: 'vis-marburg', publisher: 'cdc', gdti: MARBURG, editionOn: '2026-09-30' });
  expect(articles).toContainEqual({ id: 'vis-hepatitis-b', publisher: 'cdc', gdti: HEP_B, editionOn: '2026-10-15' });
  const facts = { language: 'en', origin: 'imported' };
  expect(titles).toContainEqual({
    ...facts,
    article: 'vis-marburg',
    title: 'Marburg VIS',
    url: `${SITE}/marburg.html`,
  });
  expect(titles).toContainEqual({
    ...facts,
    article: 'vis-hepatitis-b',
    title: 'Hepatitis B Vaccine: What You Need to Know',
    url: `${SITE}/hepatitis-b.html`,
  });
});

test('a new vaccine has its statement, a combined one a statement for each part; the rows of others stay', async () => {
  const combined = ['902 vis-marburg narrower', '902 vis-hepatitis-b narrower'];
  expect((await importTexts(files())).pairs).toEqual(['901 vis-marburg equivalent', ...combined]);
  expect((await importTexts(files(), (code) => code === '901')).pairs).toEqual(combined);
});

test('a shipped statement of which every edition is historic is offered no longer', async () => {
  const editions = [edition('Cholera VIS', '0886983000318', '1/31/2025', 'Historic')];
  const { titles } = await importTexts(files({ editions }));
  const gone = titles.filter(({ linkCheck }) => linkCheck?.isGone);
  expect(gone).toMatchObject([{ article: 'vis-cholera', linkCheck: { url: `${SITE}/cholera.html` } }]);
});

describe('rejected', () => {
  test.each([
    ['no address', edition('Lost VIS', '0886983000998', '1/1/2026', 'Current'), '', 'no page of www.cdc.gov'],
    ['no day', edition('Lost VIS', MARBURG, '13/45/2026', 'Current'), '', 'no edition date'],
    ['no document code', edition('Lost VIS', '<b/>', '1/1/2026', 'Current'), '', 'no document code'],
    ['a page elsewhere', edition('Lost VIS', '0886983000999', '1/1/2026', 'Current'), '', 'no page of www.cdc.gov'],
    ['an unknown edition', '', vaccine('904', 'x'), 'CVX 904: no such edition in force'],
    ['no CVX code', '', vaccine('x', `${MARBURG}9/30/2026`), 'no CVX code'],
  ])('%s', async (_name, statement, mapping, reason) => {
    const pages = [page('Lost VIS', '0886983000999', 'https://example.org/lost.html')];
    const { articles, rejected } = await importTexts(files({ pages, editions: [statement], vaccines: [mapping] }));
    expect(articles).toHaveLength(3);
    expect(rejected).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    [
      'a missing file',
      { 'vaccines.xml': '<CVXCodes/>' },
      "none of the files is CDC's XML of the statements of each vaccine",
    ],
    ['the same list twice', { 'again.xml': '<VISURL><a/></VISURL>' }, "two files list the statements' addresses"],
    ['truncated XML', { 'vaccines.xml': '<CVXVIS><CVXVISMapping>' }, 'not a complete XML document'],
    [
      'nothing in force',
      { 'statements.xml': '<VISLookup><VISInfo/></VISLookup>' },
      'none of the statements is in force',
    ],
    ['a list without end', { 'vaccines.xml': `<CVXVIS>${'<a/>'.repeat(20_001)}</CVXVIS>` }, 'more than 20000 records'],
  ])('as a whole: %s', async (_name, changed, reason) => {
    await expect(importTexts({ ...files(), ...changed })).rejects.toThrow(reason);
  });
});

/** Edition and number of each statement that ships, by id. */
const STATEMENTS = readCsvRows(readFileSync('resources/articles/vis.csv', 'utf8')).map(
  ({ id = '', edition_on = '', gdti = '' }) => [id, `${edition_on} ${gdti}`] as const,
);

describeWithData('vis', "CDC's own files of October 2025", () => {
  test('give the 34 statements as they ship, and each vaccine those that CDC names for it', async () => {
    const names = ['cvx.xml', 'cvxvis.xml', 'vis.xml', 'visurl.xml'];
    const texts = names.map((name) => [
      name,
      gunzipSync(readFileSync(join(DATA, 'vis', `${name}.gz`))).toString('latin1'),
    ]);
    const { articles, titles, pairs, rejected } = await importTexts(
      Object.fromEntries(texts) as Record<string, string>,
    );
    expect(rejected).toEqual([]);
    const shipped = new Map(STATEMENTS);
    expect(articles.map(({ id, gdti, editionOn }) => [id, `${editionOn ?? ''} ${gdti ?? ''}`]).sort()).toEqual(
      [...shipped].sort(),
    );
    expect(titles.filter(({ title = '' }) => !/What You Need to Know$|Information Statement$/.test(title))).toEqual([]);
    const named = new Map<string, string[]>();
    for (const { cvx = '', html = '' } of read('vis/cvx_vis_current.csv'))
      named.set(cvx, [...(named.get(cvx) ?? []), `vis-${/([\w-]+)\.html$/.exec(html)?.[1]?.toLowerCase() ?? ''}`]);
    const expected = [...named].flatMap(([code, ids]) => {
      const own = ids.filter((id) => id !== 'vis-childs-first');
      return own.map((id) => `${code} ${id} ${own.length === 1 ? 'equivalent' : 'narrower'}`);
    });
    expect(pairs.sort()).toEqual(expected.sort());
  });
});
