import { expect, test } from '@jest/globals';
import { SENSITIVE_WHEN_YOUNG } from '../../src/core/policy/site-policy.js';
import { CATALOGUE, FACTS, readCsv } from './tables.js';

/** The end of the rules of choosing a page: which pages carry a mark, by what their titles and further names speak of. */
const sensitivityOfPage = (id: string): string => FACTS.get(id)?.cells['sensitivity'] ?? '';

interface WordRule {
  readonly kinds: readonly string[];
  readonly words: RegExp;
  readonly sensitivity: string;
}

const RULES = readCsv('tests/mappings/sensitive-words.csv').map(
  ({ cells: { kinds = '', words = '', sensitivity = '' } }): WordRule => ({
    kinds: kinds.split(' '),
    words: new RegExp(words, 'iu'),
    sensitivity,
  }),
);

/** Articles whose names hold such a word and which carry another mark or none, each with the reason. */
const UNMARKED = new Map(
  readCsv('tests/mappings/unmarked-articles.csv').map(({ cells: { id = '', reason = '' } }) => [id, reason]),
);

const namesOf = new Map<string, string>();
for (const { id, language, cells } of CATALOGUE) {
  if (language === undefined) continue;
  namesOf.set(id, [namesOf.get(id) ?? '', cells['title'], cells['also_called']].join('|'));
}

/** The marks that an article's names, in both languages, ask for. */
function marksFor(id: string): Set<string> {
  const kind = FACTS.get(id)?.kind ?? '';
  const fitting = RULES.filter(({ kinds }) => kinds.includes('any') || kinds.includes(kind));
  const names = namesOf.get(id) ?? '';
  return new Set(fitting.flatMap(({ words, sensitivity }) => (words.test(names) ? [sensitivity] : [])));
}

/** Abuse is held where others are marked: an article on both is marked as abuse. */
const isMarkedFor = (id: string, wanted: ReadonlySet<string>): boolean =>
  sensitivityOfPage(id) === 'SDV' || wanted.has(sensitivityOfPage(id));

test('every article whose names hold a sensitive word is marked for one of them, or the reason is written down', () => {
  const bare = [...FACTS.keys()].flatMap((id) => {
    const wanted = marksFor(id);
    const isFine = wanted.size === 0 || isMarkedFor(id, wanted) || UNMARKED.has(id);
    return isFine ? [] : [`${id} ${namesOf.get(id) ?? ''}: ${[...wanted].join(', ')}`];
  });
  expect(bare).toEqual([]);
});

test('every reason for no mark is needed, and says why', () => {
  const idle = [...UNMARKED].filter(([id, reason]) => {
    const wanted = marksFor(id);
    return wanted.size === 0 || isMarkedFor(id, wanted) || reason.length < 10;
  });
  expect(idle).toEqual([]);
});

test.each(RULES)('some article is marked by $words', ({ kinds, words, sensitivity }) => {
  const marked = [...FACTS.values()].filter(
    ({ id, kind }) =>
      (kinds.includes('any') || kinds.includes(kind)) &&
      words.test(namesOf.get(id) ?? '') &&
      sensitivityOfPage(id) === sensitivity,
  );
  expect(marked).not.toEqual([]);
});

test.each([
  ['topic-hivinwomen', 'HIV'],
  ['topic-hivandinfections', 'HIV'],
  ['topic-stillbirth', 'SEX'],
  ['encypi-000626', 'SEX'],
  ['test-suicide-risk-screening', 'PSY'],
  ['topic-teenmentalhealth', 'PSY'],
  ['topic-teensexualhealth', 'SEX'],
  ['topic-safeopioiduse', 'ETH'],
  ['topic-pregnancyandopioids', 'ETH'],
  ['ency-002598', 'ETH'],
  ['test-fetal-alcohol-spectrum-disorders-fasd-screening', 'ETH'],
  ['topic-hospicecare', 'TBOO'],
  ['topic-endoflifeissues', 'TBOO'],
  ['topic-hepatitisc', 'STD'],
  ['drug-a614014', 'STD'], // sofosbuvir
  ['drug-a689009', 'SEX'], // misoprostol
  ['drug-a616003', 'ETH'], // naloxone nasal spray
])('%s is marked %s', (id, sensitivity) => {
  expect(sensitivityOfPage(id)).toBe(sensitivity);
});

test('what is marked for minors alone are hormones and what holds puberty back', () => {
  const hormones = /testosteron|estrogen|estradiol|progest|norethindrone|fluoxymest|relin\b|leuprolide|histrelin/i;
  const others = Object.keys(SENSITIVE_WHEN_YOUNG).filter(
    (id) => !hormones.test(namesOf.get(id) ?? '') || sensitivityOfPage(id) !== '',
  );
  expect(others).toEqual([]);
});
