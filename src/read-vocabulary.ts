import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from './core/model/language.js';
import { headingKey, type ListHeadings, type ListSection } from './core/list/list-lines.js';
import type { EverydayWordRow } from './core/words/everyday-words.js';
import type { KnownWordRow } from './core/words/known-word.js';
import type { LayWordRows } from './core/words/lay-words.js';
import { LabResults, type LabResultRow } from './core/words/reading/lab-results.js';
import { KnownWords, type ContextWordRow } from './core/words/known-words.js';
import type { Vocabulary } from './core/words/vocabulary.js';
import { foldText } from './core/search/text-tokens.js';
import { readDrugFacts } from './build/read-drug-facts.js';
import { cellsOfLine, readLines, readTable } from './build/shipped-table.js';
import type { Steps } from './core/give-way.js';
import { getOrAdd } from './core/remember.js';
import { toSortedWords, type WordSet } from './core/sorted-lines.js';
import { inOneStep, readInSteps, type Preparable } from './core/read-once.js';
import { WordStock } from './core/words/spelling/word-stock.js';
import { giveWay } from './turns.js';

/** A line of one of these files; its columns are text, language, means, articles (separated by `|`) and mark. */
function readWordRow(line: string, isAbbreviation: boolean): KnownWordRow {
  const [text = '', language, means = '', articles = '', mark] = cellsOfLine(line);
  return {
    text,
    language: language as Language,
    means,
    articles: articles.split('|').filter((id) => id !== ''),
    isErrorProne: mark === 'error-prone',
    isWord: mark === 'word',
    isAbbreviation,
  };
}

const pathOf = (resourcesDir: string, name: string): string => join(resourcesDir, 'search', `${name}.csv`);

/** Reads the rows of one file in resources/search. */
export const readWordRows = (resourcesDir: string, name: 'abbreviations' | 'lay-words'): KnownWordRow[] =>
  readLines(pathOf(resourcesDir, name)).map((line) => readWordRow(line, name === 'abbreviations'));

/** A row of Spanish: its text, quoted or not, and its language. */
const SPANISH = /^(?:"[^"]*"|[^",]*),es,/;

/** The lay words of each language: lines that are read when they are found. */
function* readLayWords(resourcesDir: string): Steps<Record<Language, LayWordRows>> {
  const lines: Record<Language, string[]> = { en: [], es: [] };
  for (const line of readLines(pathOf(resourcesDir, 'lay-words'))) {
    yield;
    lines[SPANISH.test(line) ? 'es' : 'en'].push(line);
  }
  const toRows = (ofLanguage: readonly string[]): LayWordRows => {
    const at = (place: number): KnownWordRow => readWordRow(ofLanguage[place] ?? '', false);
    const textAt = (place: number): string => {
      const line = ofLanguage[place] ?? '';
      return line.startsWith('"') ? at(place).text : line.slice(0, line.indexOf(','));
    };
    return { length: ofLanguage.length, at, textAt };
  };
  return { en: toRows(lines.en), es: toRows(lines.es) };
}

/** Reads the headings of lists, of resources/search. */
function readHeadings(resourcesDir: string): ListHeadings {
  const rows = readTable<{ readonly text: string; readonly section: ListSection }>(
    pathOf(resourcesDir, 'list-headings'),
  );
  return new Map(rows.map(({ text, section }) => [headingKey(text), section]));
}

function* readStocks(known: KnownWords): Steps<Vocabulary['stocks']> {
  return { en: yield* WordStock.inSteps(known, 'en'), es: yield* WordStock.inSteps(known, 'es') };
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
 * What is known of words beside the library: abbreviations, lay words, names of drugs, the routes that strengths tell, headings of lists.
 * Each is read when it is first needed, once a process; where a file is absent, an Error is thrown then: they are part of the program.
 */
export function readVocabulary(resourcesDir: string): Vocabulary {
  return getOrAdd(vocabularies, resourcesDir, () => createVocabulary(resourcesDir));
}

function createVocabulary(resourcesDir: string): Vocabulary {
  const drugs = readDrugFacts(resourcesDir);
  const words: Omit<Vocabulary, 'ready' | 'drugs'> & Preparable = readInSteps<Omit<Vocabulary, 'ready' | 'drugs'>>({
    known: () => readKnownWords(resourcesDir),
    stocks: () => readStocks(words.known),
    plainWords: () => inOneStep(() => readPlainWords(resourcesDir)),
    labResults: () => inOneStep(() => new LabResults(readTable<LabResultRow>(pathOf(resourcesDir, 'lab-results')))),
    judgedTitles: () => inOneStep(() => readJudgedTitles(resourcesDir)),
    headings: () => inOneStep(() => readHeadings(resourcesDir)),
  });
  const ready = async (): Promise<void> => {
    await drugs.prepare(giveWay);
    await words.prepare(giveWay);
  };
  return Object.assign(words, { drugs, ready });
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

function* readKnownWords(resourcesDir: string): Steps<KnownWords> {
  const layWords = yield* readLayWords(resourcesDir);
  const abbreviations = readWordRows(resourcesDir, 'abbreviations');
  yield;
  const everyday = readTable<EverydayWordRow>(pathOf(resourcesDir, 'everyday-words'));
  const context = readTable<ContextWordRow>(pathOf(resourcesDir, 'context-words'));
  return yield* KnownWords.inSteps({ abbreviations, layWords, everyday, context });
}
