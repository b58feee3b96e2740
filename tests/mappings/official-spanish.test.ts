import { expect, test } from '@jest/globals';
import { describeWithData, read } from '../support/shared-data.js';
import type { CatalogueLine } from './tables.js';
import { CATALOGUE } from './tables.js';

/** Spanish titles and names beside those that the pages themselves have, as they were in April 2026. */

const FOLDER = 'medlineplus/2026-04';
const rowsOf = (kinds: readonly string[], language: string): CatalogueLine[] =>
  CATALOGUE.filter((row) => row.language === language && kinds.includes(row.kind));
const cell = ({ cells }: CatalogueLine, column: string): string => cells[column] ?? '';
const at = (row: CatalogueLine): string => `${row.file}:${row.line} ${row.id} ${cell(row, 'title')}`;
const fold = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

interface Page {
  readonly title: string;
  readonly alsoCalled: string;
}

/** The pages of health topics by their address; those that were only seen as links have no heading. */
const readTopics = (language: string): { pages: Map<string, Page>; addresses: Set<string> } => {
  const rows = read(`${FOLDER}/topics_${language}.csv`);
  const topics = rows.filter((row) => row['is_topic_page'] === '1');
  const page = (row: Record<string, string>): [string, Page] => [
    row['url'] ?? '',
    { title: row['h1'] ?? '', alsoCalled: row['also_called'] ?? '' },
  ];
  return { pages: new Map(topics.map(page)), addresses: new Set(rows.map(({ url = '' }) => url)) };
};

describeWithData(FOLDER, 'health topics beside their pages', () => {
  test.each(['es', 'en'])('%s: every title is the heading of the page', (language) => {
    const { pages } = readTopics(language);
    const rows = rowsOf(['topic'], language);
    const seen = rows.filter((row) => pages.has(cell(row, 'url')));
    expect(seen.length).toBeGreaterThan(850);
    expect(seen.filter((row) => cell(row, 'title') !== pages.get(cell(row, 'url'))?.title).map(at)).toEqual([]);
  });

  test.each(['es', 'en'])('%s: no page that is gone is offered', (language) => {
    const { addresses } = readTopics(language);
    expect(addresses.size).toBeGreaterThan(1000);
    expect(
      rowsOf(['topic'], language)
        .filter((row) => !addresses.has(cell(row, 'url')))
        .map(at),
    ).toEqual([]);
  });

  test('every Spanish page is here', () => {
    const ours = new Set(rowsOf(['topic'], 'es').map((row) => cell(row, 'url')));
    expect([...readTopics('es').pages.keys()].filter((url) => !ours.has(url))).toEqual([]);
  });

  test('every English page is here, but for the former addresses of five', () => {
    const { pages } = readTopics('en');
    const ours = new Map(rowsOf(['topic'], 'en').map((row) => [cell(row, 'url'), cell(row, 'title')]));
    const absent = [...pages].filter(([url]) => !ours.has(url));
    expect(absent.map(([url]) => url.slice(url.lastIndexOf('/') + 1)).sort()).toEqual([
      'complementaryandalternativemedicine.html',
      'hivaidsmedicines.html',
      'opioidmisuseandaddiction.html',
      'opioidmisuseandaddictiontreatment.html',
      'pregnancyanddruguse.html',
    ]);
    // Each has the heading of a page that is here: it is that page, under the address that it had before.
    const titles = new Set(ours.values());
    expect(absent.filter(([, { title }]) => !titles.has(title))).toEqual([]);
  });

  test('every other name of a Spanish page is here', () => {
    const { pages } = readTopics('es');
    const missing = rowsOf(['topic'], 'es').flatMap((row) => {
      const names = [cell(row, 'title'), ...cell(row, 'also_called').split('|')].map(fold);
      const official = pages.get(cell(row, 'url'))?.alsoCalled ?? '';
      // Names are divided by commas, which some hold themselves: each part must be in some name.
      return official
        .split(', ')
        .filter((part) => part !== '' && !names.some((name) => name.includes(fold(part))))
        .map((part) => `${row.id} ${part}`);
    });
    expect(missing).toEqual([]);
  });

  test('what was not seen is marked as recalled, and nothing else is', () => {
    const { pages } = readTopics('es');
    const isSeen = (row: CatalogueLine): boolean => pages.has(cell(row, 'url'));
    const rows = rowsOf(['topic'], 'es');
    expect(rows.filter((row) => isSeen(row) === (cell(row, 'origin') === 'recalled')).map(at)).toEqual([]);
  });
});

describeWithData(FOLDER, 'encyclopedia and medical tests beside the official Spanish index', () => {
  /** Titles that differ from the index in a letter, and why. */
  const CORRECTED: Readonly<Record<string, string>> = {
    'ency-001476': 'the index writes IgA with a small L',
  };

  test('a title that is not recalled is in the index', () => {
    // Some rows of the index hold several titles that were not told apart.
    const index = read(`${FOLDER}/ency_index_titles_es.csv`).map((row) => ` ${row['title_segmented'] ?? ''} `);
    const rows = rowsOf(['ency', 'encypi'], 'es').filter((row) => cell(row, 'origin') !== 'recalled');
    expect(rows.length).toBeGreaterThan(1750);
    const whole = new Set(index.map((title) => title.trim()));
    const isIn = (title: string): boolean => whole.has(title) || index.some((row) => row.includes(` ${title} `));
    expect(rows.filter((row) => !isIn(cell(row, 'title')) && !(row.id in CORRECTED)).map(at)).toEqual([]);
  });

  test("a medical test's title that is not recalled is in the index", () => {
    const official = new Set(
      read(`${FOLDER}/check_test_titles.csv`)
        .filter((row) => row['lang'] === 'es' && row['in_official_index'] === '1')
        .map((row) => row['title'] ?? ''),
    );
    const index = read(`${FOLDER}/medical_tests_index_es.csv`)
      .map((row) => row['title_segmented'] ?? '')
      .join(' ');
    const rows = rowsOf(['test'], 'es').filter((row) => cell(row, 'origin') !== 'recalled');
    expect(rows.length).toBeGreaterThan(250);
    expect(
      rows.filter((row) => !official.has(cell(row, 'title')) && !index.includes(cell(row, 'title'))).map(at),
    ).toEqual([]);
  });
});
