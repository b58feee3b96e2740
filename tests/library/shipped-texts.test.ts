import { readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { decodeEntities } from '../../src/build/decode-entities.js';
import { ON_DISK } from '../../src/build/read-rows.js';
import { addTexts } from '../../src/build/read-texts.js';
import type { Complaint, TextFacts } from '../../src/build/source.js';
import { LANGUAGES } from '../../src/core/model/language.js';
import { sanitizeSummary } from '../../src/import/read/sanitize-summary.js';
import { readCsvRows } from '../support/csv-rows.js';
import { DATA, describeWithData } from '../support/shared-data.js';

const FOLDER = 'resources/texts';

/** The titles of the shipped topics, without their texts. */
const titles = LANGUAGES.flatMap((language) =>
  readCsvRows(readFileSync(`resources/articles/topic.${language}.csv`, 'utf8')).map(
    ({ id = '', title = '' }): TextFacts => ({ article: id, language, title }),
  ),
);

function readShipped(): { texts: TextFacts[]; complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const texts = addTexts(FOLDER, titles, ON_DISK, complaints);
  return { texts: texts.filter(({ summaryHtml }) => summaryHtml !== undefined), complaints };
}

/**
 * The words of a text with their punctuation, without markup. Bars, stars and bullets are not among them: they drew tables and lists where the
 * markup of those was lost; nor is the mark of a picture that is not there. Whether a blank is between two sentences is not compared.
 */
const readWords = (html: string): string =>
  decodeEntities(
    html
      .replace(/!<a [^>]*><\/a>/g, '')
      .replace(/<\/?(?:p|ul|li|h3|table|tr|th|td|br)(?: \/)?>/g, ' ')
      .replace(/<[^>]*>/g, ''),
  )
    .replace(/[\s|*•]+/g, ' ')
    .replace(/(?<=\p{Ll}[.?!:]?)(?=\p{Lu}\p{Ll})/gu, ' ')
    .replace(/ \.(?= |$)/g, '.')
    .trim();

describe('the texts that ship', () => {
  const { texts, complaints } = readShipped();

  test('are those of nearly all topics, each of an article of ours, in files that are small', () => {
    expect(complaints).toEqual([]);
    const count = (of: string): number => texts.filter(({ language }) => language === of).length;
    expect({ en: count('en'), es: count('es') }).toEqual({ en: 1017, es: 1011 });
    const files = LANGUAGES.flatMap((language) =>
      readdirSync(`${FOLDER}/${language}`).map((name) => readFileSync(`${FOLDER}/${language}/${name}`)),
    );
    expect(files.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(6_000_000);
    expect(files.every((file) => file.includes('Source: MedlinePlus, National Library of Medicine'))).toBe(true);
  });

  test('are what the import would make of them', () => {
    const changed = texts.filter(
      ({ summaryHtml = '' }) => sanitizeSummary(summaryHtml, 'https://medlineplus.gov/') !== summaryHtml,
    );
    expect(changed.map(({ article, language }) => `${article} ${language}`)).toEqual([]);
  });

  test('have a day of the last years, and each block on a line of its own', () => {
    const odd = texts.filter(
      ({ summaryHtml = '', summaryOn = '' }) =>
        !/^202[4-9]-/.test(summaryOn) ||
        summaryHtml.split('\n').some((line) => !/^<\/?(?:p|ul|li|h3|table|tr)>/.test(line)),
    );
    expect(odd.map(({ article, language }) => `${article} ${language}`)).toEqual([]);
  });

  const findIn = (isOdd: (lines: readonly string[]) => boolean): string[] =>
    texts
      .filter(({ summaryHtml = '' }) => isOdd(summaryHtml.split('\n')))
      .map(({ article, language }) => `${article} ${language}`);

  test('have no empty element, no double blank, and a text below each heading', () => {
    expect(findIn((lines) => lines.some((line) => /<([a-z0-9]+)[^>]*>\s*<\/\1>|\S {2,}/.test(line)))).toEqual([]);
    const isHeading = (line: string | undefined): boolean => line === undefined || line.startsWith('<h3>');
    expect(findIn((lines) => lines.some((line, at) => isHeading(line) && isHeading(lines[at + 1])))).toEqual([]);
  });

  test('break no sentence into two blocks: none goes on in small letters behind a paragraph, an article or a conjunction', () => {
    const open = /^<(?:p|li)>.*\s(?:an?|the|el|los|las|una?|y|del?)<\/(?:p|li)>$/;
    const isBroken = (line: string, next = ''): boolean =>
      (/^<p>.*[^.:?!]<\/p>$/.test(line) && /^<p>\p{Ll}/u.test(next)) || (open.test(line) && /^<(?:p|li)>/.test(next));
    expect(findIn((lines) => lines.some((line, at) => isBroken(line, lines[at + 1])))).toEqual([]);
    expect(findIn((lines) => lines.includes('<p>Diseases</p>'))).toEqual([]);
  });

  test('have tables where NLM has tables', () => {
    const withTables = texts.filter(({ summaryHtml = '' }) => summaryHtml.includes('<table>'));
    const names = [...new Set(withTables.map(({ article }) => article))];
    expect(names).toEqual(
      expect.arrayContaining(['topic-birthcontrol', 'topic-heartsurgery', 'topic-peripheralnervedisorders']),
    );
    expect(withTables).toHaveLength(2 * 13);
  });
});

test('a text without a day, an end or an article is left out and named', () => {
  const text = (id: string, day: string): string => `<article id="${id}" ${day}>\n<p>Words.</p>\n</article>\n`;
  const files = new Map([
    ['texts/en/a.html', text('topic-a', 'data-date="2026-04-24"') + text('topic-b', '')],
    ['texts/es/a.html', text('topic-none', 'data-date="2026-04-24"')],
  ]);
  const complaints: Complaint[] = [];
  const known = ['topic-a', 'topic-b'].map((article): TextFacts => ({ article, language: 'en' }));
  const found = addTexts(
    'texts',
    known,
    {
      has: (path) => files.has(path),
      read: (path) => files.get(path) ?? '',
      list: () => ['a.html'],
    },
    complaints,
  );
  expect(found).toEqual([
    { article: 'topic-a', language: 'en', summaryHtml: '<p>Words.</p>', summaryOn: '2026-04-24' },
    { article: 'topic-b', language: 'en' },
  ]);
  expect(complaints.map(({ file }) => file)).toEqual(['en/a.html', 'es/a.html']);
});

describeWithData('medlineplus/texts', "every text's words are those of its source, in their order", () => {
  test('all 2,028 of them', () => {
    interface Source {
      readonly id: string;
      readonly language: string;
      readonly html: string;
      readonly date: string;
    }
    const lines = gunzipSync(readFileSync(`${DATA}/medlineplus/texts/topics.jsonl.gz`))
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const sources = new Map(
      lines.map((line) => {
        const source = JSON.parse(line) as Source;
        return [`${source.id} ${source.language}`, source];
      }),
    );
    const { texts } = readShipped();
    const different = texts.filter(({ article, language, summaryHtml = '', summaryOn }) => {
      const source = sources.get(`${article} ${language}`);
      return source?.date !== summaryOn || readWords(source?.html ?? '') !== readWords(summaryHtml);
    });
    expect(different.map(({ article, language }) => `${article} ${language}`)).toEqual([]);
    expect(texts).toHaveLength(2028);
  });
});
