import { writeFileSync } from 'node:fs';
import { listNames, type Article } from '../../src/core/model/article.js';
import type { Library } from '../../src/core/model/library.js';
import { createIllnessReader } from '../../src/core/titles/statements/find-illness.js';
import { readTitleStatement } from '../../src/core/titles/statements/stated-otherwise.js';
import { listDefining, type SelectedRow } from '../../src/core/codes/resolve-coding.js';
import { nameKey, titleKeys, titleTerms } from '../../src/core/titles/title-words.js';
import { readWordRows } from '../../src/read-vocabulary.js';
import { writeCodeNames } from './code-names.js';
import { listMarkedCodes } from './marked-codes.js';
import {
  articlesOfCodings,
  isDiagnosis,
  knownDisplays,
  officialTitles,
  withoutTag,
  type Display,
} from '../support/title-material.js';

const MOST_SHORT = 4;
/** A code's title of more words names no more than these. */
const MOST_TERMS = 12;

/** Counts of one article. */
interface Counted {
  readonly words: Set<string>;
  readonly names: Set<string>;
  readonly kin: Set<string>;
}

/** All drug names of the library, as displays. */
function drugNames(library: Library): Display[] {
  const names = new Set<string>();
  for (let after = ''; ;) {
    const rows = library.terminology.listMappings('drug-name', after, 1000);
    const last = rows.at(-1);
    if (!last) return [...names].map((code) => ({ system: 'drug-name', code, display: code }));
    for (const { code } of rows) names.add(code);
    after = last.code;
  }
}

/**
 * Whether a title of this name means the article. Another name of four characters is an abbreviation or a slang word with
 * other meanings (`ASD`, `CP`, `Mass`), unless it is a drug's or a vaccine's.
 */
const isTelling = (name: string, { kind, texts }: Article): boolean =>
  name.length > MOST_SHORT ||
  ['drug', 'vis'].includes(kind) ||
  Object.values(texts).some(({ title }) => title === name || /vaccine/i.test(title));

/** ICD-10-CM's official titles are names of what their codes lead to: `Polyneuropathy, unspecified`. */
function addOfficialTitles(
  library: Library,
  { counted, byName }: { counted: ReadonlyMap<string, Counted>; byName: Map<string, string[]> },
): void {
  const official = officialTitles();
  const chooseEquivalent = (rows: readonly SelectedRow[]): readonly SelectedRow[] => {
    const equivalent = rows.filter(({ stated }) => stated === 'equivalent');
    return equivalent.length > 0 ? equivalent : listDefining(rows);
  };
  for (const [index, ids] of articlesOfCodings(official, library, chooseEquivalent).entries()) {
    const key = titleKeys(official[index]?.display ?? '').at(-1) ?? '';
    if (key === '' || key.split(' ').length > MOST_TERMS) continue;
    for (const id of ids) counted.get(id)?.names.add(key);
    byName.set(key, [...new Set([...(byName.get(key) ?? []), ...ids])]);
  }
}

/** An abbreviation tells its articles as their titles do: `OSA on CPAP`. Where it is the name of another, that is none of the only one. */
function addAbbreviations(counted: ReadonlyMap<string, Counted>, byName: Map<string, string[]>): void {
  const rows = readWordRows('resources', 'abbreviations').filter(({ language }) => language === 'en');
  for (const { text, articles } of rows) {
    const key = nameKey(text);
    const named = byName.get(key);
    for (const { words, names } of articles.flatMap((id) => counted.get(id) ?? [])) {
      for (const term of titleTerms(text)) words.add(term);
      if (named) names.add(key);
    }
    if (named) byName.set(key, [...new Set([...named, ...articles])]);
  }
}

function countWords(library: Library, displays: readonly Display[]): Map<string, Counted> {
  const articles = library.findArticles(library.findArticleIds({ prefix: '' }));
  const counted = new Map<string, Counted>();
  const byName = new Map<string, string[]>();
  for (const article of articles) {
    const english = [article.texts.en?.title ?? '', ...(article.texts.en?.alsoCalled ?? [])];
    const names = new Set(
      listNames(article)
        .filter((name) => isTelling(name, article))
        .map(nameKey)
        .filter((key) => key !== ''),
    );
    counted.set(article.id, { words: new Set(english.flatMap(titleTerms)), names, kin: new Set() });
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), article.id]);
  }
  addAbbreviations(counted, byName);
  addOfficialTitles(library, { counted, byName });
  // A title names what its code is about: a diet or a test that it has in common with others has none of its words.
  const pages = articlesOfCodings(displays, library, listDefining);
  for (const [index, one] of displays.entries()) {
    const own = pages[index] ?? [];
    const title = withoutTag(one);
    const key = titleKeys(title).find((one) => byName.has(one)) ?? '';
    const named = byName.get(key) ?? [];
    for (const id of own) {
      const { words, kin } = counted.get(id) ?? {};
      for (const term of titleTerms(title)) words?.add(term);
      if (named.length > 0 && !named.some((other) => own.includes(other))) kin?.add(key);
    }
  }
  return counted;
}

/** Lines `key,places`, sorted; a place is an article's in the list of all. */
function invert(counted: readonly Counted[], column: 'words' | 'names'): string {
  const inverted = new Map<string, number[]>();
  for (const [place, { [column]: keys }] of counted.entries())
    for (const key of keys) inverted.set(key, [...(inverted.get(key) ?? []), place]);
  return [...inverted.keys()]
    .sort()
    .map((key) => `${key},${inverted.get(key)?.join(' ') ?? ''}\n`)
    .join('');
}

/** Writes anew what titles are judged by: what the library and the titles beside the project say today. */
export function writeTitleFacts(library: Library, folder: string): void {
  const titles = knownDisplays();
  const counted = countWords(library, [...titles, ...drugNames(library)]);
  const sorted = [...counted].sort(([a], [b]) => (a < b ? -1 : 1));
  const articles = sorted.map(([, facts]) => facts);
  const rows = sorted.map(([id, { kin }]) => `${id},${[...kin].sort().join('|')}\n`);
  writeFileSync(`${folder}/articles.csv`, `article,kin\n${rows.join('')}`);
  writeFileSync(`${folder}/terms.csv`, `term,places\n${invert(articles, 'words')}`);
  writeFileSync(`${folder}/names.csv`, `name,places\n${invert(articles, 'names')}`);
  const articleById = new Map(library.findArticles([...counted.keys()]).map((article) => [article.id, article]));
  const marked = listMarkedCodes(titles, articlesOfCodings(titles, library), articleById);
  writeFileSync(`${folder}/marked-codes.csv`, `system,code,label,values\n${marked.join('\n')}\n`);
  // Terms of an index may be of two codes: `Threatened, with subsequent abortion` is a miscarriage that is over.
  const { titleFacts } = library.status();
  const findIllness = titleFacts && createIllnessReader(titleFacts, library);
  const official = new Set(officialTitles().map(({ display }) => display));
  const stating = new Set(
    titles.filter(isDiagnosis).flatMap(({ system, code, display }) => {
      const isOfIcd = system === 'icd-9-cm' || official.has(display);
      const statement = readTitleStatement(display, isOfIcd ? findIllness : undefined);
      const isOfOther = system === 'icd-10-cm' && /^threatened/.test(statement?.phrase ?? '') && !official.has(display);
      return statement && !isOfOther ? [`${system},${code},${statement.kind}`] : [];
    }),
  );
  writeCodeNames(library, folder);
  writeFileSync(`${folder}/stating-codes.csv`, `system,code,statement\n${[...stating].sort().join('\n')}\n`);
}
