import type { Article, ArticleText } from '../core/model/article.js';
import { codeSystem } from '../core/codes/code-systems.js';
import type { SearchHit } from '../core/search/search-hit.js';
import { displayCode } from '../core/codes/normalize-code.js';
import { understandWords, type OfferedReading, type Understanding } from '../core/words/understand-words.js';
import { factsOfHits } from '../protocols/answer-facts.js';
import { LIMITS } from '../limits.js';
import { renderErrorJson } from '../protocols/render-error.js';
import type { Route } from '../protocols/route.js';
import { explainUnderstanding } from '../protocols/understanding-text.js';
import { buildCodePath } from './parts/code-link.js';
import { describePage } from './describe-page.js';
import type { PageContext, PageOptions } from './page-context.js';
import { createPageContext, firstValue, choosePageLanguage } from './page-context.js';

const MOST_SUGGESTIONS = 8;
const JSON_TYPE = 'application/json; charset=utf-8';

/** A line of the list below the search box. */
interface Suggestion {
  readonly title: string;
  /** What it is: the article's kind in words, or the code's system. */
  readonly kind: string;
  /** Language of the title. */
  readonly lang: string;
  /** A code as people write it; absent for an article. */
  readonly code?: string;
  /** The page of ours that shows it. */
  readonly url: string;
}

const suggestArticle = ({ id, kind }: Article, { title, language }: ArticleText, page: PageContext): Suggestion => ({
  title,
  kind: page.t(`page.kinds.${kind}`),
  lang: language,
  url: page.href(`/article/${id}`),
});

function toSuggestion(hit: SearchHit, page: PageContext): Suggestion {
  if (hit.kind === 'article') return suggestArticle(hit.article, hit.text, page);
  const { system, code, title } = hit.concept;
  const url = page.href(buildCodePath(hit.concept));
  return { title, kind: codeSystem(system).label, lang: 'en', code: displayCode(system, code), url };
}

/** A meaning of an abbreviation: its line leads to the search for it, so that a person chooses. */
const suggestReading = ({ means, language, query }: OfferedReading, page: PageContext): Suggestion => ({
  title: means,
  kind: page.t('words.meaning'),
  lang: language,
  url: page.href('/find', { q: query }),
});

const toSuggestions = (understood: Understanding, page: PageContext): Suggestion[] =>
  understood.kind === 'abbreviation'
    ? understood.readings.map((reading) => suggestReading(reading, page))
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
      body: renderErrorJson(error, options.texts(choosePageLanguage(request))(`errors.${error.code}`, error.values)),
      facts: { outcome: error.code },
    }),
    document: describePage('suggest'),
  };
}
