import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Department } from './core/model/department.js';
import { LANGUAGES, type Language } from './core/model/language.js';
import { LIMITS } from './limits.js';

/** A site's list of articles for a ward or a clinic, in row order. */
export interface WardList {
  /** Its name in English, and optionally in Spanish. */
  readonly names: Readonly<Partial<Record<Language, string>>>;
  /** Ids of articles, up to the maximum of a handout. */
  readonly articles: readonly string[];
}

/** A row that was left out, and the reason; line 0 if it is the file. */
interface LeftOut {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface ReadWardLists {
  readonly lists: readonly WardList[];
  readonly complaints: readonly LeftOut[];
}

/**
 * The file of lists in a site's folder: a row per article, with the list's name in the columns `name` and `name.es`.
 */
const FILE = 'lists.csv';
const COLUMNS = ['name', 'name.es', 'article'];
const ID = /^[a-z]+-[A-Za-z0-9._-]{1,200}$/;

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

function readRows(file: string): Row[] | string {
  if (statSync(file).size > LIMITS.maxListsBytes) return `larger than ${LIMITS.maxListsBytes} bytes`;
  try {
    const rows = parse(readFileSync(file, 'utf8'), { bom: true, columns: true, info: true, trim: true });
    const found = rows as unknown as Row[];
    const unknown = Object.keys(found[0]?.record ?? {}).find((column) => !COLUMNS.includes(column));
    return unknown === undefined ? found : `unknown column ${unknown}; known: ${COLUMNS.join(', ')}`;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Reads the lists of a site's folder; undefined: it has none. A bad row is left out and reported. */
export function readWardLists(localLibrary: string | undefined): ReadWardLists {
  const file = localLibrary === undefined ? undefined : join(localLibrary, FILE);
  if (file === undefined || !existsSync(file)) return { lists: [], complaints: [] };
  const rows = readRows(file);
  if (typeof rows === 'string') return { lists: [], complaints: [{ file: FILE, line: 0, reason: rows }] };
  const lists = new Map<string, { names: Partial<Record<Language, string>>; articles: string[] }>();
  const complaints: LeftOut[] = [];
  for (const { record, info } of rows) {
    const { name = '', article = '' } = record;
    const reject = (reason: string): void => {
      complaints.push({ file: FILE, line: info.lines, reason });
    };
    const list = lists.get(name) ?? { names: { en: name }, articles: [] };
    if (name === '') reject("the list's name is missing");
    else if (!ID.test(article)) reject(`${article || 'nothing'} is not an article id`);
    else if (list.articles.length >= LIMITS.maxHandoutArticles) reject('more articles than fit a handout');
    else if (!lists.has(name) && lists.size >= LIMITS.maxWardLists) reject(`more than ${LIMITS.maxWardLists} lists`);
    else {
      if (!list.articles.includes(article)) list.articles.push(article);
      for (const language of LANGUAGES) {
        const named = record[`name.${language}`];
        if (named && !list.names[language]) list.names[language] = named;
      }
      lists.set(name, list);
    }
  }
  return { lists: [...lists.values()], complaints };
}

/** Finds the lists that departments name and the site's folder lacks. */
export const findUnknownLists = (departments: readonly Department[], wardLists: readonly WardList[]) =>
  departments.flatMap(({ id, lists = [] }) =>
    lists.filter((list) => !wardLists.some(({ names }) => names.en === list)).map((list) => ({ department: id, list })),
  );
