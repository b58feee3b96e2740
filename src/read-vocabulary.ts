import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Language } from './core/model/language.js';
import type { ListHeadings, ListSection } from './core/list/list-lines.js';
import { headingKey } from './core/list/list-lines.js';
import type { EverydayWordRow } from './core/words/everyday-words.js';
import type { ContextWordRow, KnownWordRow, Vocabulary } from './core/words/known-words.js';
import { KnownWords } from './core/words/known-words.js';
import type { StrengthRouteRow } from './core/words/strength-routes.js';
import { StrengthRoutes } from './core/words/strength-routes.js';
import { readDrugNames } from './build/read-drug-names.js';
import { readOnce } from './core/read-once.js';

interface Row {
  readonly text: string;
  readonly language: Language;
  readonly means: string;
  readonly articles: string;
  readonly mark?: string;
}

/**
 * Rows of one file in resources/search; its columns are text, language, means, articles (separated by `|`) and mark.
 */
export function readWordRows(resourcesDir: string, name: 'abbreviations' | 'lay-words'): KnownWordRow[] {
  const content = readFileSync(join(resourcesDir, 'search', `${name}.csv`));
  const rows = parse(content, { columns: true }) as unknown as Row[];
  return rows.map(({ text, language, means, articles, mark }) => ({
    text,
    language,
    means,
    articles: articles.split('|').filter((id) => id !== ''),
    isErrorProne: mark === 'error-prone',
    isWord: mark === 'word',
    isAbbreviation: name === 'abbreviations',
  }));
}

/** Reads the rows of another file in resources/search; its columns are those of a row. */
function readRows<Row>(resourcesDir: string, name: 'everyday-words' | 'context-words' | 'list-headings'): Row[] {
  const content = readFileSync(join(resourcesDir, 'search', `${name}.csv`));
  return parse(content, { columns: true }) as unknown as Row[];
}

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
function readStrengthRoutes(resourcesDir: string): StrengthRoutes {
  const content = readFileSync(join(resourcesDir, 'drugs', 'strength-routes.csv'));
  return new StrengthRoutes(parse(content, { columns: true }) as unknown as StrengthRouteRow[]);
}

/** Cached folders, shared by the servers of one process. */
const vocabularies = new Map<string, Vocabulary>();

/**
 * What is known of words beside the library: abbreviations, lay words, names of drugs, the routes that strengths tell, headings of lists.
 * Each is read when it is first needed, once a process; where a file is absent or no CSV, an Error is thrown then: they are part of the program.
 */
export function readVocabulary(resourcesDir: string): Vocabulary {
  const vocabulary =
    vocabularies.get(resourcesDir) ??
    readOnce<Vocabulary>({
      known: () => readKnownWords(resourcesDir),
      drugNames: () => readDrugNames(resourcesDir),
      strengthRoutes: () => readStrengthRoutes(resourcesDir),
      headings: () => readHeadings(resourcesDir),
    });
  vocabularies.set(resourcesDir, vocabulary);
  return vocabulary;
}

function readKnownWords(resourcesDir: string): KnownWords {
  const rows = (['abbreviations', 'lay-words'] as const).flatMap((name) => readWordRows(resourcesDir, name));
  const everyday = readRows<EverydayWordRow>(resourcesDir, 'everyday-words');
  return new KnownWords(rows, everyday, readRows<ContextWordRow>(resourcesDir, 'context-words'));
}
