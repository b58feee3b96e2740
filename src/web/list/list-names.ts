import type { ChartResponse } from '../../core/charts/chart-response.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import { textIn } from '../../core/model/article.js';
import { languagesFrom, type Language } from '../../core/model/language.js';
import type { Coding, Library } from '../../core/model/library.js';
import type { ListItem } from '../../core/list/read-list.js';
import { normalizeCode } from '../../core/codes/normalize-code.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import type { KnownWords } from '../../core/words/known-words.js';
import { understandWords } from '../../core/words/understand-words.js';
import { LIMITS } from '../../limits.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { isHelpedByWords } from '../rows/search-words.js';

/** A name of a code, as its system has it, else the title of the article that it leads to. */
export interface CodeName {
  readonly title: string;
  readonly language: Language;
}

/** By `system|code`. */
export type CodeNames = ReadonlyMap<string, CodeName>;

const buildKey = ({ system, code }: Coding): string => `${system}|${code}`;

/** The reading of an entry, in words. */
export interface ReadAs {
  readonly readAs: string;
  readonly readAsLanguage?: Language | undefined;
}

/** Explains the reading of an entry. */
export function explainReading(
  { reading, text }: ListItem,
  { t, language }: Pick<PageContext, 't' | 'language'>,
  names: CodeNames,
  known: KnownWords,
): ReadAs {
  switch (reading.kind) {
    case 'code': {
      const { system, code } = reading.coding;
      const normalized = system && normalizeCode(system, code);
      const name = system && normalized !== undefined ? names.get(buildKey({ system, code: normalized })) : undefined;
      const label = t('packet.as.code', { system: system ? codeSystem(system).label : '' });
      return name === undefined
        ? { readAs: label }
        : { readAs: `${label}: ${name.title}`, readAsLanguage: name.language };
    }
    case 'ambiguous-code':
      return { readAs: t('packet.as.someCode') };
    case 'words': {
      const { understood } = reading;
      if (understood?.kind === 'drug') return { readAs: t('packet.as.drug') };
      if (understood?.kind === 'held') return { readAs: t('packet.as.statement') };
      if (understood?.kind === 'abbreviation') return { readAs: t('packet.as.several') };
      const word = known.find(text, language);
      const [meaning] = word?.meanings ?? [];
      if (!word?.isAbbreviation || !meaning) return { readAs: t('packet.as.words') };
      return { readAs: t('packet.as.abbreviation', { means: meaning.means }), readAsLanguage: meaning.language };
    }
  }
}

/** The codings that an entry may be of. */
function listCodings({ reading }: ListItem): Coding[] {
  if (reading.kind === 'words') return [];
  const [systems, code] =
    reading.kind === 'code' ? [[reading.coding.system], reading.coding.code] : [reading.possible, reading.code];
  return systems.flatMap((system) => {
    const normalized = system && normalizeCode(system, code);
    return system && normalized !== undefined ? [{ system, code: normalized }] : [];
  });
}

/** Names of the codes of a list; one that has to be chosen among is named by its article where its system's name is not known. */
export function findNames(items: readonly ListItem[], library: Library, language: Language): CodeNames {
  const codings = items.flatMap(listCodings);
  const concepts = codings.length === 0 ? [] : library.findConcepts(codings);
  const names = new Map(
    concepts.map((concept): [string, CodeName] => [buildKey(concept), { title: concept.title, language: 'en' }]),
  );
  const toChoose = items.filter(({ reading }) => reading.kind === 'ambiguous-code').flatMap(listCodings);
  const open = toChoose.filter((coding) => !names.has(buildKey(coding)));
  if (open.length === 0) return names;
  const rows = library.findMappings(open).filter(({ levels, crossings }) => levels + crossings === 0);
  const ids = new Set(rows.flatMap(({ article }) => article ?? []));
  const articles = new Map(library.findArticles([...ids]).map((one) => [one.id, one]));
  for (const { input, article = '' } of rows) {
    const [coding, found] = [open[input], articles.get(article)];
    const text = found && textIn(found, languagesFrom(language));
    if (coding && text && !names.has(buildKey(coding)))
      names.set(buildKey(coding), { title: text.title, language: text.language });
  }
  return names;
}

/** For each code without an article what its title finds, where words may help. */
export async function findByTitles(
  items: readonly ListItem[],
  names: CodeNames,
  { misses }: ChartResponse,
  { language }: PageContext,
  { library, vocabulary }: PageOptions,
): Promise<Map<number, readonly ArticleHit[]>> {
  const found = new Map<number, readonly ArticleHit[]>();
  for (const { question, answer } of misses.slice(0, LIMITS.maxListSearches)) {
    const item = items[question.input];
    if (!item || !answer.miss || !isHelpedByWords(answer.miss)) continue;
    const { system } = answer.coding;
    const title =
      item.title ||
      (system && answer.code !== undefined ? (names.get(buildKey({ system, code: answer.code }))?.title ?? '') : '');
    if (title === '') continue;
    const query = title.slice(0, LIMITS.maxQueryChars);
    const { hits } = await understandWords({ query, language, kind: 'article', count: 4 }, library, vocabulary);
    const articles = hits.flatMap((hit) => (hit.kind === 'article' && hit.matched !== 'code' ? [hit] : []));
    if (articles.length > 0) found.set(question.input, articles);
  }
  return found;
}
