import { textIn } from '../article.js';
import { findByCode } from '../code-search.js';
import type { Language } from '../language.js';
import { languagesFrom } from '../language.js';
import type { Library } from '../library.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../search-hit.js';
import type { Statement } from '../stated-otherwise.js';
import { readStatement } from '../stated-otherwise.js';
import { withoutRepeats } from '../text-rank.js';
import { parseQuery } from '../text-query.js';
import { findByText, hitsOfCode } from '../text-search.js';
import { foldText } from '../text-tokens.js';
import type { KnownWord, KnownWords, Vocabulary, WordMeaning } from './known-words.js';
import { isAmbiguous } from './known-words.js';
import { isDoseWord, withoutAsking } from './word-weights.js';

/** One meaning of an abbreviation: a person chooses among them. */
export interface OfferedReading {
  readonly means: string;
  /** Language of `means`. */
  readonly language: Language;
  /** The line with the meaning in the abbreviation's place: what to search for where this one is meant. */
  readonly query: string;
  /** Articles that explain the meaning, the best first; none of them is selected. */
  readonly articles: readonly ArticleHit[];
}

/**
 * How a line was understood, and what it finds. `code`, `words`: hits, the best first. `abbreviation`: no hits but readings,
 * since the line has several meanings or one that must not be guessed. `drug`: the pages of that drug, route and combination;
 * without hits no page is there, and words are not asked. `held`: no hits, since the line denies, rules out, or
 * tells a relative's or a former condition.
 */
export type Understanding =
  | { readonly kind: 'code' | 'words'; readonly hits: readonly SearchHit[] }
  | {
      readonly kind: 'abbreviation';
      readonly hits: readonly [];
      /** As it was typed. */
      readonly abbreviation: string;
      readonly isErrorProne: boolean;
      readonly readings: readonly OfferedReading[];
    }
  | { readonly kind: 'drug'; readonly hits: readonly SearchHit[] }
  | { readonly kind: 'held'; readonly hits: readonly []; readonly statement: Statement };

/** Statements that hold a search line. Screening and exposure have pages of their own, which words find. */
const HOLDING: ReadonlySet<Statement['kind']> = new Set(['negated', 'ruled-out', 'family-history', 'history']);

/** Words that are written like an abbreviation of several meanings: within a line only capitals tell it from them. */
const CAPITALS = /^[A-Z][A-Z\d/.&]{1,9}$/;

/** Articles by id as hits in their order; those that are not there, or have no text, are left out. */
async function findJudged(
  ids: readonly string[],
  line: string,
  language: Language,
  library: Library,
): Promise<ArticleHit[]> {
  if (ids.length === 0) return [];
  const articles = new Map((await library.findArticles(ids)).map((article) => [article.id, article]));
  return ids.flatMap((id): ArticleHit[] => {
    const article = articles.get(id);
    const text = article && textIn(article, languagesFrom(language));
    if (!text) return [];
    const matched = foldText(text.title) === foldText(line) ? 'title' : 'synonym';
    return [{ kind: 'article', article, text, sensitivity: article.sensitivity, score: 1, matched }];
  });
}

async function offer(
  meanings: readonly WordMeaning[],
  language: Language,
  library: Library,
  lineWith: (means: string) => string = (means) => means,
): Promise<OfferedReading[]> {
  return Promise.all(
    meanings.map(async ({ means, language: ofMeaning, articles }) => ({
      means,
      language: ofMeaning,
      query: lineWith(means),
      articles: await findJudged(articles, means, language, library),
    })),
  );
}

/** A line without strength, form and route: `MSO4 10 mg IV` → `MSO4`. Undefined where that takes nothing away. */
function withoutDose(line: string): string | undefined {
  const words = line.split(/\s+/);
  const kept = words.filter((word) => !isDoseWord(foldText(word).replace(/[.,;]+$/, '')));
  return kept.length > 0 && kept.length < words.length ? kept.join(' ') : undefined;
}

/** What the whole line is known as: as it stands, without its dose, or without the words of a question. */
function findKnown(line: string, language: Language, known: KnownWords): KnownWord | undefined {
  const exact = known.find(line, language);
  if (exact) return exact;
  const undosed = withoutDose(line);
  const abbreviation = undosed === undefined ? undefined : known.findAbbreviation(undosed, language);
  // A dose makes a drug of it: of meanings that are no drugs none is chosen either.
  if (abbreviation && isAmbiguous(abbreviation)) return abbreviation;
  const words = parseQuery(line).map(({ word }) => word);
  const asked = withoutAsking(words);
  return asked.length > 0 && asked.length < words.length ? known.find(asked.join(' '), language) : undefined;
}

/** An abbreviation of several meanings within a line, typed in capitals among other words. */
function findWithin(
  line: string,
  language: Language,
  known: KnownWords,
): { typed: string; word: KnownWord } | undefined {
  const words = line.split(/[\s,;:()]+/).filter((word) => word !== '');
  if (words.length < 2 || (words.length > 2 && line === line.toUpperCase())) return undefined;
  for (const typed of words) {
    const word = CAPITALS.test(typed) ? known.findAbbreviation(typed, language) : undefined;
    if (word && isAmbiguous(word)) return { typed, word };
  }
  return undefined;
}

/** What a line of one known meaning finds: the articles judged right for it, then what its meaning's words find. */
async function findMeaning(
  { meanings }: KnownWord,
  request: SearchRequest,
  library: Library,
  known: KnownWords,
): Promise<SearchHit[]> {
  const [meaning] = meanings;
  if (!meaning) return [];
  const { language, kind, count } = request;
  const judged = kind === 'concept' ? [] : await findJudged(meaning.articles, request.query.trim(), language, library);
  const query = meaning.means === '' ? request.query : meaning.means;
  const byWords = await findByText({ ...request, query }, library, known);
  return withoutRepeats([...judged, ...byWords]).slice(0, count);
}

/** Whether a hit's title or another of its names is the line itself: "Sweating - absent" denies nothing. */
function isNamed(line: string, hit: SearchHit | undefined): boolean {
  if (!hit) return false;
  const names =
    hit.kind === 'concept'
      ? [hit.concept.title, ...hit.concept.names]
      : Object.values(hit.article.texts).flatMap(({ title, alsoCalled }) => [title, ...alsoCalled]);
  const key = (text: string): string =>
    foldText(text)
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  return names.some((name) => key(name) === key(line));
}

/**
 * Understands what a person typed: a code, then known abbreviations and lay words, then what denies or concerns another, then
 * words. The one way in for /search, /find, suggestions, the packet and title-only /application. Rejects only with the
 * library's own errors.
 */
export async function understandWords(
  request: SearchRequest,
  library: Library,
  { known }: Vocabulary,
): Promise<Understanding> {
  const { language, kind, count } = request;
  const line = request.query.trim();
  const found = await findByCode(line, language, library);
  const byCode = hitsOfCode(found, kind);
  if (found.isCode) return { kind: 'code', hits: withoutRepeats(byCode).slice(0, count) };
  const word = findKnown(line, language, known);
  if (word && isAmbiguous(word)) {
    const { isErrorProne, meanings } = word;
    const readings = await offer(meanings, language, library);
    return { kind: 'abbreviation', hits: [], abbreviation: line, isErrorProne, readings };
  }
  if (word) return { kind: 'words', hits: await findMeaning(word, request, library, known) };
  const statement = readStatement(line);
  const byText = await findByText(request, library, known);
  if (statement && HOLDING.has(statement.kind) && !isNamed(line, byText[0])) {
    return { kind: 'held', hits: [], statement };
  }
  const within = findWithin(line, language, known);
  if (within && !isNamed(line, byText[0])) {
    const { typed, word: ambiguous } = within;
    const readings = await offer(ambiguous.meanings, language, library, (means) => line.replace(typed, () => means));
    return { kind: 'abbreviation', hits: [], abbreviation: typed, isErrorProne: ambiguous.isErrorProne, readings };
  }
  return { kind: 'words', hits: withoutRepeats([...byCode, ...byText]).slice(0, count) };
}
