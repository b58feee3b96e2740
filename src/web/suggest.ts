import { codeSystem } from '../core/codes/code-systems.js';
import type { SearchHit } from '../core/search/search-hit.js';
import { displayCode } from '../core/codes/normalize-code.js';
import { listReadings, type Understanding } from '../core/words/understanding.js';
import { understandWords } from '../core/words/understand-words.js';
import { factsOfHits } from '../protocols/answer-facts.js';
import { LIMITS } from '../limits.js';
import { renderErrorJson } from '../protocols/render-error.js';
import { firstValue, type Route } from '../protocols/route.js';
import { explainUnderstanding } from '../protocols/understanding-text.js';
import { buildCodePath } from './parts/code-link.js';
import { describePage } from './pages/page-route.js';
import { type PageContext, type PageOptions, createPageContext, choosePageLanguage } from './page-context.js';

const MOST_SUGGESTIONS = 8;
const JSON_TYPE = 'application/json; charset=utf-8';

/** A line of the list below the search box. */
interface Suggestion {
  readonly title: string;
  /** Kind of the suggestion: the article's kind in words, or the code's system. */
  readonly kind: string;
  /** Language of the title. */
  readonly lang: string;
  /** A code as people write it; absent for an article. */
  readonly code?: string;
  /** The page of ours that shows it. */
  readonly url: string;
}

function toSuggestion(hit: SearchHit, page: PageContext): Suggestion {
  if (hit.kind === 'article') {
    const { article, text } = hit;
    const kind = page.t(`page.kinds.${article.kind}`);
    return { title: text.title, kind, lang: text.language, url: page.href(`/article/${article.id}`) };
  }
  const { system, code, title } = hit.concept;
  const url = page.href(buildCodePath(hit.concept));
  return { title, kind: codeSystem(system).label, lang: 'en', code: displayCode(system, code), url };
}

/** The line of a meaning of an abbreviation leads to the search for it, so that a person chooses. */
const toSuggestions = (understood: Understanding, page: PageContext): Suggestion[] =>
  understood.hits.length === 0
    ? (listReadings(understood) ?? []).map(({ means: title, language, query }) => {
        return { title, kind: page.t('words.meaning'), lang: language, url: page.href('/find', { q: query }) };
      })
    : understood.hits.map((hit) => toSuggestion(hit, page));

/** `/suggest?q=`: what could be meant, as JSON, for the search box of our pages; not cached. */
export function suggestRoute(options: PageOptions): Route {
  return {
    path: '/suggest',
    protocol: 'page',
    headerKind: 'search',
    get: async (visit) => {
      const page = createPageContext(options, visit, { path: '/suggest' });
      const { language } = page;
      const query = firstValue(visit.parameters, 'q').slice(0, LIMITS.maxQueryChars);
      const request = { query, language, kind: undefined, count: MOST_SUGGESTIONS };
      const understood: Understanding =
        query === ''
          ? { kind: 'words', hits: [] }
          : await understandWords(request, options.library, options.vocabulary);
      const suggestions = toSuggestions(understood, page);
      const notice = explainUnderstanding(understood, page.t)?.text;
      return {
        status: 200,
        contentType: JSON_TYPE,
        body: JSON.stringify({ suggestions, notice }),
        headers: { 'Content-Language': language },
        facts: { outcome: suggestions.length > 0 ? 'answered' : 'empty', audit: factsOfHits(understood.hits) },
      };
    },
    renderError: (error, request) => ({
      status: error.status,
      contentType: JSON_TYPE,
      body: renderErrorJson(
        error,
        options.texts(choosePageLanguage(request, options))(`errors.${error.code}`, error.values),
      ),
      facts: { outcome: error.code },
    }),
    document: describePage('suggest'),
  };
}
