import { describeTime } from '../../core/time-in-zone.js';
import type { RouteResponse } from '../../protocols/route.js';
import { findShown } from '../find-shown.js';
import { readBy, type PageContext } from '../page-context.js';
import { EntryRow } from '../rows/entry-row.js';
import { FoundArticle } from '../rows/found-article.js';
import { describeCare, type CardContent } from '../rows/article-row.js';
import { readAddedIds } from '../parts/basket.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { createSessionPage, type SessionRequest } from './session-request.js';
import type { ListedArticles } from './sessions.js';

/** Shows the articles of the last list of a session whose chart cannot be read any more: they can still be printed and recorded. */
export function showStoredList(given: SessionRequest, listed: ListedArticles): RouteResponse {
  const { request, session, options, launched } = given;
  const { at, ids, language, reader } = listed;
  const ticked = request.method === 'POST' ? new Set(readAddedIds(request.parameters)) : listed.ticked;
  const page: PageContext = { ...readBy(createSessionPage(given), reader, options.library), ticked };
  const { t } = page;
  const cards = findShown(ids, language, options.library).map(({ article, text }): CardContent => {
    const { sensitivity } = article;
    const care = describeCare(page.findTreatment({ article, sensitivity }), sensitivity);
    return { key: article.id, article, text, ...care, why: '' };
  });
  const main = (
    <>
      <h1>{t('launch.title')}</h1>
      <PatientBanner session={session} page={page} />
      <p class="notice notice-problem" role="status">
        {t(session.reading ? 'launch.storedSlow' : 'launch.stored', {
          time: describeTime(at, page.language, options.timeZone),
        })}
      </p>
      <ul class="entries">
        {cards.map((card) => (
          <EntryRow state="found" added={card} page={page}>
            <FoundArticle card={card} page={page} />
          </EntryRow>
        ))}
      </ul>
      <div class="extras">
        {session.reading ? (
          <a class="action" href={page.href(launched)}>
            {t('launch.reading.look')}
          </a>
        ) : null}
        <DoneForm page={page} />
      </div>
    </>
  );
  const document = { title: t('launch.title'), main, offer: { reads: session.languagePreferred ?? language } };
  return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
}
