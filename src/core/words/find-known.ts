import { textIn } from '../model/article.js';
import type { Language } from '../model/language.js';
import { languagesFrom } from '../model/language.js';
import type { Library } from '../model/library.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../search/search-hit.js';
import { parseQuery, phraseOf } from '../search/text-query.js';
import { foldText } from '../search/text-tokens.js';
import { withoutOtherSubjects } from '../search/further-hits.js';
import { withoutRepeats } from '../search/text-rank.js';
import { findAsWritten, findByText } from '../search/text-search.js';
import { readStatement, type Statement } from '../titles/statements/stated-otherwise.js';
import type { KnownWord } from './known-word.js';
import { isAmbiguous } from './known-word.js';
import type { KnownWords } from './known-words.js';
import { isDoseWord, isDosed, withoutAsking, withoutQualifiers } from './word-weights.js';

/** Statements that hold a line. Screening and exposure have pages of their own. */
export const HOLDING: ReadonlySet<Statement['kind']> = new Set(['negated', 'ruled-out', 'family-history', 'history']);

/** Articles by id as hits in their order; those that are not there, or have no text, are left out. */
export function findJudged(ids: readonly string[], line: string, language: Language, library: Library): ArticleHit[] {
  if (ids.length === 0) return [];
  const articles = new Map(library.findArticles(ids).map((article) => [article.id, article]));
  return ids.flatMap((id): ArticleHit[] => {
    const article = articles.get(id);
    const text = article && textIn(article, languagesFrom(language));
    if (!text) return [];
    const isTitle = Object.values(article.texts).some(({ title }) => phraseOf(title) === phraseOf(line));
    const matched = isTitle ? 'title' : 'synonym';
    return [{ kind: 'article', article, text, sensitivity: article.sensitivity, score: 1, matched }];
  });
}

/** Results of a line of one known meaning: the articles judged right for it, then those that its meaning's words find. */
export function findMeaning(
  { meanings }: KnownWord,
  request: SearchRequest,
  library: Library,
  known: KnownWords,
): SearchHit[] {
  const [meaning] = meanings;
  if (!meaning) return [];
  const { language, kind, count } = request;
  const judged = kind === 'concept' ? [] : findJudged(meaning.articles, request.query.trim(), language, library);
  const query = meaning.means === '' ? request.query : meaning.means;
  // Behind what was judged right, the words of our own tables are neither doubted nor corrected.
  const find = judged.length > 0 ? findAsWritten : findByText;
  const byWords = judged.length >= count ? [] : find({ ...request, query, isSpelt: judged.length > 0 }, library, known);
  const hits = withoutRepeats([...judged, ...byWords]);
  if (kind === 'concept') return hits.slice(0, count);
  return withoutOtherSubjects(hits, [request.query, query], language, judged.length).slice(0, count);
}

/** Words that are written like an abbreviation of several meanings: within a line only capitals tell it from them. */
const CAPITALS = /^[A-Z][A-Z\d/.&]{1,9}$/;

/** Words for things that are injected: `IM` beside them is the muscle. */
const INJECTED = /\b(?:shot|vaccine|vaccination|injection|vacuna|inyeccion)(?:e?s)?\b/;

/** An abbreviation of several meanings within a line, typed in capitals among other words. */
export function findAmbiguousWithin(
  line: string,
  language: Language,
  known: KnownWords,
): { typed: string; word: KnownWord } | undefined {
  const words = line.split(/[\s,;:()]+/).filter((word) => word !== '');
  if (words.length < 2 || (words.length > 2 && line === line.toUpperCase())) return undefined;
  const isOfDose = INJECTED.test(foldText(line)) || isDosed(parseQuery(line).map(({ word }) => word));
  for (const typed of words) {
    // With a dose it is the route: `0.5 mL IM`, `tetanus shot IM`.
    if (isOfDose && isDoseWord(foldText(typed))) continue;
    const word = CAPITALS.test(typed) ? known.findAbbreviation(typed, language) : undefined;
    if (word && isAmbiguous(word)) return { typed, word };
  }
  return undefined;
}

/** Known word that the whole line is: as it stands, or without the words of a question. */
export function findKnown(line: string, language: Language, known: KnownWords): KnownWord | undefined {
  const exact = known.find(line, language);
  if (exact) return exact;
  const words = parseQuery(line).map(({ word }) => word);
  const withoutQuestion = withoutAsking(words);
  return withoutQuestion.length > 0 && withoutQuestion.length < words.length
    ? known.find(withoutQuestion.join(' '), language)
    : undefined;
}

/** Known word that a line is without its qualifiers, where that has one meaning: `uncontrolled HTN`, `URI sx`. */
export function findQualified(line: string, language: Language, known: KnownWords): KnownWord | undefined {
  const words = parseQuery(line).map(({ word }) => word);
  const remaining = withoutQualifiers(words);
  if (remaining.length === 0 || remaining.length === words.length) return undefined;
  const word = known.find(remaining.join(' '), language);
  return word && !word.isWord && !isAmbiguous(word) ? word : undefined;
}

/** Whether a line is a number that people call, and a category of ICD-9-CM as well: both are offered. */
export function isNumberToCall(line: string, language: Language, known: KnownWords): boolean {
  const word = /^\d{3}$/.test(line) ? known.findAbbreviation(line, language) : undefined;
  return word !== undefined && isAmbiguous(word);
}

/** Denial that is the one meaning of an abbreviation: `NKDA`, no known drug allergies. */
export function findDenial({ meanings: [meaning, ...others] }: KnownWord): Statement | undefined {
  if (!meaning || others.length > 0 || meaning.articles.length > 0) return undefined;
  const statement = readStatement(meaning.means);
  return statement && HOLDING.has(statement.kind) ? statement : undefined;
}
