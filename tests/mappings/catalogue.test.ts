import { describe, expect, test } from '@jest/globals';
import { ARTICLE_KINDS } from '../../src/core/model/article.js';
import type { CatalogueLine } from './tables.js';
import { CATALOGUE, ENGLISH, FACTS, readCsv } from './tables.js';

const SITE = 'https://medlineplus\\.gov';
/** The address of each kind's page; the group is the key that the id is made of. */
const ADDRESS: Readonly<Record<string, RegExp>> = {
  topic: new RegExp(`^${SITE}/([a-z0-9]+)\\.html$`),
  ency: new RegExp(`^${SITE}/ency/article/(\\d{6})\\.htm$`),
  encypi: new RegExp(`^${SITE}/ency/patientinstructions/(\\d{6})\\.htm$`),
  drug: new RegExp(`^${SITE}/druginfo/meds/(a\\d{6})\\.html$`),
  herb: new RegExp(`^${SITE}/druginfo/natural/(\\d+)\\.html$`),
  test: new RegExp(`^${SITE}/lab-tests/([a-z0-9-]+)/$`),
  vis: /^https:\/\/www\.cdc\.gov\/vaccines\/(?:hcp\/current-vis|vpd\/rsv)\/([a-z0-9-]+)\.html$/,
  genetics: new RegExp(`^${SITE}/genetics/(?:condition|gene|chromosome)/([a-z0-9-]+)/?$`),
};
const SPANISH_ADDRESS: Readonly<Record<string, RegExp>> = {
  topic: new RegExp(`^${SITE}/spanish/([a-z0-9]+)\\.html$`),
  ency: new RegExp(`^${SITE}/spanish/ency/article/(\\d{6})\\.htm$`),
  encypi: new RegExp(`^${SITE}/spanish/ency/patientinstructions/(\\d{6})\\.htm$`),
  drug: new RegExp(`^${SITE}/spanish/druginfo/meds/(a\\d{6})-es\\.html$`),
  herb: new RegExp(`^${SITE}/spanish/druginfo/natural/(\\d+)\\.html$`),
  test: new RegExp(`^${SITE}/spanish/pruebas-de-laboratorio/([a-z0-9-]+)/$`),
};
/** Publishers other than the National Library of Medicine, by kind. */
const PUBLISHERS: Readonly<Record<string, string>> = { vis: 'cdc' };
/** Publishers whose text may not be reproduced, by kind. */
const LICENSED: Readonly<Record<string, string>> = { ency: 'adam', encypi: 'adam', drug: 'ashp', herb: 'trc' };

const texts = CATALOGUE.filter(({ language }) => language !== undefined);
const spanish = CATALOGUE.filter(({ language }) => language === 'es');
const at = ({ file, line, id }: CatalogueLine): string => `${file}:${line} ${id}`;
const failing = (rows: readonly CatalogueLine[], isWrong: (row: CatalogueLine) => boolean): string[] =>
  rows.filter(isWrong).map(at);
const keyIn = (pattern: RegExp | undefined, { cells }: CatalogueLine): string | undefined =>
  pattern?.exec(cells['url'] ?? '')?.[1];

describe('every article', () => {
  test('is one of the kinds and at least 250 of them are there', () => {
    expect(failing(CATALOGUE, ({ kind }) => !ARTICLE_KINDS.some((known) => known === kind))).toEqual([]);
    expect(FACTS.size).toBeGreaterThan(250);
  });

  test('has facts and an English text, each once', () => {
    expect([...FACTS.keys()].filter((id) => !ENGLISH.has(id))).toEqual([]);
    expect(failing(texts, ({ id }) => !FACTS.has(id))).toEqual([]);
    const keys = CATALOGUE.map(({ id, language }) => `${id} ${language ?? 'facts'}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("has an English address of its kind's pattern, with the key of its id", () => {
    const english = CATALOGUE.filter(({ language }) => language === 'en');
    expect(failing(english, (row) => `${row.kind}-${keyIn(ADDRESS[row.kind], row) ?? '?'}` !== row.id)).toEqual([]);
  });

  test('has a Spanish address, where it has one, of the pattern too', () => {
    expect(spanish.length).toBeGreaterThan(250);
    // Medical tests have Spanish keys of their own.
    const isWrong = (row: CatalogueLine): boolean => {
      const key = keyIn(SPANISH_ADDRESS[row.kind], row);
      return key === undefined || (row.kind !== 'test' && `${row.kind}-${key}` !== row.id);
    };
    expect(failing(spanish, isWrong)).toEqual([]);
  });

  test('has a title in plain text, without a trailing blank or a broken character', () => {
    expect(
      failing(
        texts,
        ({ cells: { title = '' } }) => title !== title.trim() || title === '' || /[<>\ufffd]|&\w+;|Ã|Â/.test(title),
      ),
    ).toEqual([]);
  });

  test('names a publisher that is described in both languages', () => {
    const ids = readCsv('resources/articles/publisher.csv').map(({ cells }) => cells['id']);
    for (const language of ['en', 'es']) {
      const described = readCsv(`resources/articles/publisher.${language}.csv`).map(({ cells }) => cells['id']);
      expect([...ids].sort()).toEqual([...described].sort());
    }
    expect(failing([...FACTS.values()], ({ cells }) => !ids.includes(cells['publisher']))).toEqual([]);
  });

  test("is its publisher's by its kind", () => {
    expect(
      failing(
        [...FACTS.values()],
        ({ kind, cells }) => cells['publisher'] !== (LICENSED[kind] ?? PUBLISHERS[kind] ?? 'nlm'),
      ),
    ).toEqual([]);
  });

  test('points only to articles that are there', () => {
    const pointedTo = ({ cells }: CatalogueLine): string[] =>
      [cells['related_topics'], cells['patient_instructions']]
        .flatMap((cell) => (cell ?? '').split('|'))
        .filter((id) => id !== '');
    expect(failing([...FACTS.values()], (row) => pointedTo(row).some((id) => !ENGLISH.has(id)))).toEqual([]);
  });
});

describe('text that belongs to others', () => {
  test('is not in the catalogue: no article of A.D.A.M., ASHP or TRC has a summary', () => {
    const licensed = texts.filter(({ kind }) => kind in LICENSED);
    expect(licensed.length).toBeGreaterThan(250);
    expect(failing(licensed, ({ cells }) => (cells['summary'] ?? '') !== '')).toEqual([]);
  });

  test('is marked as licensed with its publisher, who has a copyright line', () => {
    const licensed = readCsv('resources/articles/publisher.csv').filter(({ cells }) => cells['licensed'] === 'true');
    expect(licensed.map(({ cells }) => cells['id']).sort()).toEqual(['adam', 'ashp', 'trc']);
    for (const language of ['en', 'es']) {
      const rights = new Map(
        readCsv(`resources/articles/publisher.${language}.csv`).map(({ cells }) => [cells['id'], cells['rights']]),
      );
      for (const { cells } of licensed) expect(rights.get(cells['id'])).toMatch(/copyright|©/i);
    }
  });
});

describe('the article of N53.14', () => {
  test('is whole', () => {
    expect(FACTS.get('ency-001282')?.cells).toMatchObject({
      publisher: 'adam',
      reviewed_on: '2019-01-31',
      seen_on: '2020-03-23',
      reviewers: expect.stringMatching(/\w/),
      related_topics: 'topic-maleinfertility|topic-sexualproblemsinmen',
      patient_instructions: 'encypi-000299|encypi-000300|encypi-000301',
      images: expect.stringMatching(/\w/),
      reference_count: expect.stringMatching(/^[1-9]\d*$/),
    });
    expect(ENGLISH.get('ency-001282')?.cells).toMatchObject({
      title: 'Retrograde ejaculation',
      also_called: 'Ejaculation retrograde|Dry climax',
    });
    expect(spanish.find(({ id }) => id === 'ency-001282')?.cells['url']).toBe(
      'https://medlineplus.gov/spanish/ency/article/001282.htm',
    );
  });
});
