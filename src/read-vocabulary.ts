import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from './core/model/language.js';
import type { ListHeadings, ListSection } from './core/list/list-lines.js';
import { headingKey } from './core/list/list-lines.js';
import type { EverydayWordRow } from './core/words/everyday-words.js';
import type { ContextWordRow, KnownWordRow, Vocabulary } from './core/words/known-words.js';
import { KnownWords } from './core/words/known-words.js';
import type { StrengthRouteRow } from './core/words/strength-routes.js';
import { StrengthRoutes } from './core/words/strength-routes.js';
import { readDrugNames } from './build/read-drug-names.js';
import { cellsOfLine } from './build/cells-of-line.js';
import type { Steps } from './core/give-way.js';
import type { Library } from './core/model/library.js';
import { inOneStep, readInSteps } from './core/read-once.js';
import { giveWay } from './turns.js';

interface Row {
  readonly text: string;
  readonly language: Language;
  readonly means: string;
  readonly articles: string;
  readonly mark?: string;
}

/** Reads the rows of a shipped table, named by its first line; no cell has a line break or a quote. */
function readTable<Row>(path: string): Row[] {
  const [columns = [], ...lines] = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(cellsOfLine);
  return lines.map((cells) =>
    Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
  ) as Row[];
}

/**
 * Rows of one file in resources/search; its columns are text, language, means, articles (separated by `|`) and mark.
 */
export function readWordRows(resourcesDir: string, name: 'abbreviations' | 'lay-words'): KnownWordRow[] {
  return readTable<Row>(join(resourcesDir, 'search', `${name}.csv`)).map(
    ({ text, language, means, articles, mark }) => ({
      text,
      language,
      means,
      articles: articles.split('|').filter((id) => id !== ''),
      isErrorProne: mark === 'error-prone',
      isWord: mark === 'word',
      isAbbreviation: name === 'abbreviations',
    }),
  );
}

/** Reads the rows of another file in resources/search; its columns are those of a row. */
const readRows = <Row>(resourcesDir: string, name: 'everyday-words' | 'context-words' | 'list-headings'): Row[] =>
  readTable<Row>(join(resourcesDir, 'search', `${name}.csv`));

interface HeadingRow {
  readonly text: string;
  readonly language: Language;
  readonly section: ListSection;
}

/** Reads the headings of lists, of resources/search; its columns are those of a row. */
function readHeadings(resourcesDir: string): ListHeadings {
  return new Map(
    readRows<HeadingRow>(resourcesDir, 'list-headings').map(({ text, section }) => [headingKey(text), section]),
  );
}

/** Reads the strengths that imply a route, from resources/drugs; the columns are those of a row. */
const readStrengthRoutes = (resourcesDir: string): StrengthRoutes =>
  new StrengthRoutes(readTable<StrengthRouteRow>(join(resourcesDir, 'drugs', 'strength-routes.csv')));

/** Reads the everyday words that are no misspelling, a word each line of `plain-words.<language>.txt` in resources/search. */
function readPlainWords(resourcesDir: string): Vocabulary['plainWords'] {
  const read = (language: Language): ReadonlySet<string> =>
    new Set(readFileSync(join(resourcesDir, 'search', `plain-words.${language}.txt`), 'utf8').split(/\s+/));
  return { en: read('en'), es: read('es') };
}

/** Cached folders, shared by the servers of one process. */
const vocabularies = new Map<string, Vocabulary>();

/**
 * What is known of words beside the library: abbreviations, lay words, names of drugs, the routes that strengths tell, headings of lists.
 * Each is read when it is first needed, once a process; where a file is absent, an Error is thrown then: they are part of the program.
 */
export function readVocabulary(resourcesDir: string): Vocabulary {
  const vocabulary =
    vocabularies.get(resourcesDir) ??
    readInSteps<Omit<Vocabulary, 'prepare'>>({
      known: () => readKnownWords(resourcesDir),
      drugNames: () => readDrugNames(resourcesDir),
      plainWords: () => inOneStep(() => readPlainWords(resourcesDir)),
      strengthRoutes: () => inOneStep(() => readStrengthRoutes(resourcesDir)),
      headings: () => inOneStep(() => readHeadings(resourcesDir)),
    });
  vocabularies.set(resourcesDir, vocabulary);
  return vocabulary;
}

function* readKnownWords(resourcesDir: string): Steps<KnownWords> {
  const rows = (['abbreviations', 'lay-words'] as const).flatMap((name) => readWordRows(resourcesDir, name));
  yield;
  const everyday = readRows<EverydayWordRow>(resourcesDir, 'everyday-words');
  return yield* KnownWords.inSteps(rows, everyday, readRows<ContextWordRow>(resourcesDir, 'context-words'));
}

/** Reads what words and titles are understood by before a request needs it, giving way to requests. */
export async function prepareWords(resourcesDir: string, library: Pick<Library, 'status'>): Promise<void> {
  await readVocabulary(resourcesDir).prepare?.(giveWay);
  await library.status().titleFacts?.prepare?.(giveWay);
}
