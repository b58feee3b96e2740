import type { Article, ArticleText } from '../core/article.js';
import { codeSystem } from '../core/code-systems.js';
import type { SearchHit } from '../core/search-hit.js';
import { displayCode } from '../core/normalize-code.js';
import { searchLibrary } from '../core/text-search.js';
import { factsOfHits } from '../protocols/answer-facts.js';
import { renderErrorJson } from '../protocols/render-error.js';
import type { Route } from '../protocols/route.js';
import { SUGGESTIONS } from './describe-pages.js';
import type { PageContext, PageOptions } from './page-context.js';
import { createPageContext, firstValue, languageOf } from './page-context.js';

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

const ofArticle = ({ id, kind }: Article, { title, language }: ArticleText, page: PageContext): Suggestion => ({
  title,
  kind: page.t(`page.kinds.${kind}`),
  lang: language,
  url: page.href(`/article/${id}`),
});

function toSuggestion(hit: SearchHit, page: PageContext): Suggestion {
  if (hit.kind === 'article') return ofArticle(hit.article, hit.text, page);
  const { system, code, title } = hit.concept;
  const url = page.href(`/code/${system}/${encodeURIComponent(code)}`);
  return { title, kind: codeSystem(system).label, lang: 'en', code: displayCode(system, code), url };
}

/** `/suggest?q=`: what could be meant, as JSON, for the search box of our pages; kept nowhere. */
export function suggestRoute(options: PageOptions): Route {
  return {
    path: '/suggest',
    protocol: 'page',
    headerKind: 'search',
    get: async ({ parameters }) => {
      const language = languageOf(parameters);
      const page = createPageContext(options, language, { path: '/suggest' });
      const query = firstValue(parameters, 'q').slice(0, options.maxQueryChars);
      const hits =
        query === ''
          ? []
          : await searchLibrary({ query, language, kind: undefined, count: MOST_SUGGESTIONS }, options.library);
      return {
        status: 200,
        contentType: JSON_TYPE,
        body: JSON.stringify({ suggestions: hits.map((hit) => toSuggestion(hit, page)) }),
        headers: { 'Content-Language': language },
        facts: { outcome: hits.length > 0 ? 'answered' : 'empty', audit: factsOfHits(hits) },
      };
    },
    renderError: (error, { parameters }) => ({
      status: error.status,
      contentType: JSON_TYPE,
      body: renderErrorJson(error, options.texts(languageOf(parameters))(`errors.${error.code}`, error.values)),
      facts: { outcome: error.code },
    }),
    document: SUGGESTIONS,
  };
}
