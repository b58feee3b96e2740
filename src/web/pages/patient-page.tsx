import type { ShownArticle } from '../../protocols/feed/language-links.js';
import type { VNode } from 'preact';
import { nameLanguage } from '../../core/model/language-links.js';
import type { RouteResponse } from '../../protocols/route.js';
import { OpenArticle, Rights } from '../parts/article-facts.js';
import { Drawing } from '../parts/drawing.js';
import { LeafletText } from '../leaflet/leaflet-text.js';
import { Summary } from '../parts/summary.js';
import { ReaderLinks } from '../parts/language-links.js';
import { pageResponse } from '../parts/layout.js';
import type { PageContext } from '../page-context.js';

/** Whether a patient works the screen: the page has no codes, no words of clinicians' and no tools. */
export const isPatientsPage = ({ reader }: PageContext): boolean => reader.performer === 'PAT';

/** One article: its title, its summary where the library has it, and the way to it. */
function Entry({ found: { article, text }, page }: { found: ShownArticle; page: PageContext }) {
  const id = `title-${article.id}`;
  return (
    <article class="card card-whole" aria-labelledby={id}>
      <h2 id={id} lang={text.language}>
        {text.title}
      </h2>
      {text.language === page.language ? null : (
        <p class="mark">{page.t('page.otherLanguage', { language: page.t(`languages.${text.language}`) })}</p>
      )}
      {article.leaflet ? (
        <LeafletText article={article} text={text} page={page} />
      ) : (
        <Summary article={article} text={text} />
      )}
      <div class="actions">
        <OpenArticle look="action action-main" article={article} text={text} page={page} />
      </div>
      <ReaderLinks article={article} text={text} page={page} />
      <Rights article={article} language={page.language} />
    </article>
  );
}

/**
 * The page that a patient sees. Articles held back, missing ones and errors all look alike: the page without an article.
 * "Ask your care team" stands on each, or it would betray something where it does.
 */
export function patientResponse(
  page: PageContext,
  articles: readonly ShownArticle[],
  { status = 200, facts, headers }: Pick<RouteResponse, 'facts'> & Partial<Pick<RouteResponse, 'status' | 'headers'>>,
  around: { readonly before?: VNode | null; readonly after?: VNode } = {},
): RouteResponse {
  const { t, reader } = page;
  const { foreignLanguage } = reader;
  const once = [...new Map(articles.map((found) => [found.article.id, found])).values()];
  const main = (
    <>
      <div class="drawn">
        <h1>{t('patient.title')}</h1>
        <Drawing name="talk" />
      </div>
      {around.before}
      {foreignLanguage === undefined ? null : (
        <p class="notice">{t('patient.language', { language: nameLanguage(foreignLanguage, page.language) })}</p>
      )}
      {once.map((found) => (
        <Entry found={found} page={page} />
      ))}
      <p class="notice">{t('patient.ask')}</p>
      {once.length === 0 ? null : <p class="hint">{t('patient.print')}</p>}
      {around.after}
    </>
  );
  const document = { title: t('patient.title'), main, isForPatient: true };
  return pageResponse(page, document, { status, facts, ...(headers ? { headers: { ...headers } } : {}) });
}
