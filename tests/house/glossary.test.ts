import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';

type Tree = { readonly [name: string]: string | Tree };
interface Term {
  readonly term: string;
  readonly [column: string]: string;
}

const terms = parse(readFileSync('resources/i18n/glossary.csv'), { columns: true }) as unknown as Term[];

const textsOf = (tree: Tree): string[] =>
  Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : textsOf(value)));

test.each(['en', 'es'])('a term has one wording in all texts: %s', (language) => {
  const texts = textsOf(JSON.parse(readFileSync(`resources/i18n/${language}.json`, 'utf8')) as Tree);
  const unused = terms.filter(({ [language]: wording = '' }) => !texts.some((text) => text.includes(wording)));
  expect(unused.map(({ term }) => term)).toEqual([]);
  const avoided = terms.flatMap(({ [`avoid.${language}`]: list = '' }) => list.split('|').filter((one) => one !== ''));
  expect(avoided.length).toBeGreaterThan(5);
  const isIn = (text: string, words: string): boolean => new RegExp(`(?<!\\p{L})${words}(?!\\p{L})`, 'iu').test(text);
  expect(texts.filter((text) => avoided.some((words) => isIn(text, words)))).toEqual([]);
});
