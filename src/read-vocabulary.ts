import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Language } from './core/model/language.js';
import { headingKey, type ListHeadings, type ListSection } from './core/list/list-lines.js';
import { EverydayWords, type EverydayWordRow } from './core/words/everyday-words.js';
import type { KnownWordRow } from './core/words/known-word.js';
import { LayWords } from './core/words/lay-words.js';
import { LabResults, type LabResultRow } from './core/words/reading/lab-results.js';
import { LoincNames, type LoincName } from './core/titles/reading/loinc-names.js';
import { KnownWords, type ContextWordRow } from './core/words/known-words.js';
import type { Vocabulary } from './core/words/vocabulary.js';
import { foldText } from './core/search/text-tokens.js';
import { readDrugFacts } from './build/read-drug-facts.js';
import { cellsOfLine, readLines, readTable } from './build/shipped-table.js';
import { getOrAdd } from './core/remember.js';
import { toSortedWords, type WordSet } from './core/sorted-lines.js';
import { readOnce } from './core/read-once.js';
import { WordStock } from './core/words/spelling/word-stock.js';

/** A line of one of these files; its columns are text, language, means, articles (separated by `|`) and mark. */
function readWordRow(line: string, isAbbreviation: boolean): KnownWordRow {
  const [text = '', language, means = '', articles = '', mark] = cellsOfLine(line);
  return {
    text,
    language: language as Language,
    means,
    articles: articles === '' ? [] : articles.split('|'),
    isErrorProne: mark === 'error-prone',
    isWord: mark === 'word',
    isAbbreviation,
  };
}

const pathOf = (resourcesDir: string, name: string): string => join(resourcesDir, 'search', `${name}.csv`);

/** Reads the rows of one file in resources/search. */
export const readWordRows = (resourcesDir: string, name: 'abbreviations' | 'lay-words'): KnownWordRow[] =>
  readLines(pathOf(resourcesDir, name)).map((line) => readWordRow(line, name === 'abbreviations'));

/** Reads the headings of lists, of resources/search. */
function readHeadings(resourcesDir: string): ListHeadings {
  const rows = readTable<{ readonly text: string; readonly section: ListSection }>(
    pathOf(resourcesDir, 'list-headings'),
  );
  return new Map(rows.map(({ text, section }) => [headingKey(text), section]));
}

/** Reads the everyday words that are no misspelling, a word each line of `plain-words.<language>.txt` in resources/search. */
function readPlainWords(resourcesDir: string): Vocabulary['plainWords'] {
  const read = (language: Language): WordSet =>
    toSortedWords(readFileSync(join(resourcesDir, 'search', `plain-words.${language}.txt`), 'utf8'));
  return { en: read('en'), es: read('es') };
}

/** Cached folders, shared by the servers of one process. */
const vocabularies = new Map<string, Vocabulary>();

/**
 * Reads the vocabulary beside the library: abbreviations, lay words, names of drugs, the routes that strengths tell, headings of lists.
 * Each is read when it is first needed, once a process; where a file is absent, an Error is thrown then: they are part of the program.
 */
export function readVocabulary(resourcesDir: string): Vocabulary {
  return getOrAdd(vocabularies, resourcesDir, () => createVocabulary(resourcesDir));
}

/** A vocabulary with the parts that its known words are made of, each read in a time that a request can wait. */
interface VocabularyParts extends Vocabulary {
  readonly layWordRows: readonly KnownWordRow[];
  readonly everyday: EverydayWords;
  readonly en: LayWords;
  readonly es: LayWords;
}

function createVocabulary(resourcesDir: string): Vocabulary {
  const parts: VocabularyParts = readOnce<VocabularyParts>({
    drugs: () => readDrugFacts(resourcesDir),
    layWordRows: () => readWordRows(resourcesDir, 'lay-words'),
    everyday: () => new EverydayWords(readTable<EverydayWordRow>(pathOf(resourcesDir, 'everyday-words'))),
    en: () => new LayWords('en', parts.layWordRows, parts.everyday),
    es: () => new LayWords('es', parts.layWordRows, parts.everyday),
    known: () => readKnownWords(resourcesDir, parts),
    stocks: () => ({ en: new WordStock(parts.known, 'en'), es: new WordStock(parts.known, 'es') }),
    plainWords: () => readPlainWords(resourcesDir),
    labResults: () => new LabResults(readTable<LabResultRow>(pathOf(resourcesDir, 'lab-results'))),
    loincNames: () => new LoincNames(readTable<LoincName>(join(resourcesDir, 'code-systems', 'loinc.csv'))),
    judgedTitles: () => readJudgedTitles(resourcesDir),
    headings: () => readHeadings(resourcesDir),
  });
  return parts;
}

/** Reads all of a vocabulary before a request needs it; requests come between its parts. @throws Error where a file is absent */
export async function prepareVocabulary(resourcesDir: string): Promise<void> {
  const vocabulary = readVocabulary(resourcesDir);
  for (const part of [vocabulary.drugs, vocabulary]) {
    for (const name of Object.keys(part)) {
      Reflect.get(part, name);
      await setImmediate();
    }
  }
}

/** A title that leads to another article than its own, and why. */
interface JudgedTitleRow {
  readonly text: string;
  readonly language: Language;
  readonly reason: string;
}

const readJudgedTitles = (resourcesDir: string): Set<string> =>
  new Set(
    readTable<JudgedTitleRow>(pathOf(resourcesDir, 'titles-behind-rows')).map(
      ({ text, language }) => `${language} ${foldText(text)}`,
    ),
  );

function readKnownWords(resourcesDir: string, { everyday, en, es }: VocabularyParts): KnownWords {
  const abbreviations = readWordRows(resourcesDir, 'abbreviations');
  const context = readTable<ContextWordRow>(pathOf(resourcesDir, 'context-words'));
  return new KnownWords({ abbreviations, layWords: { en, es }, everyday, context });
}
