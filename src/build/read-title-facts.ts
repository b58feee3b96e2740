import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isCodeSystemId } from '../core/codes/code-systems.js';
import { codingKey } from '../core/codes/concept.js';
import { STATEMENT_KINDS, type StatementKind } from '../core/titles/statements/around-illness.js';
import type { TitleFacts } from '../core/titles/title-facts.js';
import { TitleWords } from '../core/titles/title-words.js';
import type { IcdNames } from '../core/titles/find-named-code.js';
import { findKeys, findLine } from '../core/sorted-lines.js';
import { readOnce } from '../core/read-once.js';
import { getOrAdd } from '../core/remember.js';
import { cellsOfLine, readLines, readRows } from './shipped-table.js';
import { foldText } from '../core/search/text-tokens.js';

const isStatement = (text: string): text is StatementKind => STATEMENT_KINDS.some((kind) => kind === text);

function readWords(folder: string): TitleWords {
  const articles = readLines(join(folder, 'articles.csv')).map((line) => {
    const [article = '', kin = ''] = line.split(',');
    return { article, kin };
  });
  return new TitleWords(articles, readRows(join(folder, 'terms.csv')), readRows(join(folder, 'names.csv')));
}

function readStating(path: string): TitleFacts['stating'] {
  const codes = readLines(path).flatMap((line) => {
    const [system = '', code = '', statement = ''] = line.split(',');
    return isCodeSystemId(system) && isStatement(statement) ? [[codingKey({ system, code }), statement] as const] : [];
  });
  return new Map(codes);
}

function readMarkedCodes(path: string): TitleFacts['marks'] {
  const codes = new Map<string, Map<string, ReadonlySet<string>>>();
  if (!existsSync(path)) return codes;
  for (const line of readLines(path)) {
    const [system = '', code = '', label = '', values = ''] = line.split(',');
    if (!isCodeSystemId(system)) continue;
    const key = codingKey({ system, code });
    getOrAdd(codes, key, () => new Map<string, ReadonlySet<string>>()).set(label, new Set(values.split(' ')));
  }
  return codes;
}

function readCodeNames(folder: string): IcdNames {
  const text = readRows(join(folder, 'code-names.csv'));
  const words = readLines(join(folder, 'name-words.csv')).map((line) => line.split(','));
  const listOf = (use: string): ReadonlySet<string> =>
    new Set(words.flatMap(([word = '', uses]) => (uses === use ? [word] : [])));
  return {
    find: (key) => findLine(text, key),
    list: (code) => findKeys(text, [code, `index ${code}`, `default ${code}`]),
    qualifiers: listOf('qualifier'),
    subjects: listOf('subject'),
  };
}

/** Articles of everyday words and abbreviations, each with those of its first row. */
function readEveryday(folder: string): TitleFacts['everyday'] {
  const lines = ['lay-words', 'abbreviations'].flatMap((name) => readLines(join(folder, `${name}.csv`)));
  const articles = new Map<string, string>();
  for (const line of lines) {
    const [text = '', , , ids = ''] = cellsOfLine(line);
    const key = foldText(text);
    if (ids !== '' && !articles.has(key)) articles.set(key, ids);
  }
  return (text) => articles.get(text)?.split('|') ?? [];
}

/** Cached folders, shared by the libraries of one process. */
const opened = new Map<string, TitleFacts>();

/**
 * Facts that titles are checked against, from `titles/` of the resources: read when it is first needed, once per process. Empty if the
 * folder is missing: titles are then not checked.
 */
export function readTitleFacts(resourcesDir: string): { readonly titleFacts?: TitleFacts } {
  const folder = join(resourcesDir, 'titles');
  if (!existsSync(folder)) return {};
  const titleFacts = getOrAdd(opened, folder, () =>
    readOnce<TitleFacts>({
      words: () => readWords(folder),
      codeNames: () => readCodeNames(folder),
      everyday: () => readEveryday(join(resourcesDir, 'search')),
      stating: () => readStating(join(folder, 'stating-codes.csv')),
      marks: () => readMarkedCodes(join(folder, 'marked-codes.csv')),
    }),
  );
  return { titleFacts };
}
