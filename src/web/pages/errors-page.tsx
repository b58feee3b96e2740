import { ERRORS, type ErrorCode } from '../../core/errors.js';
import { ERRORS_PATH } from '../../protocols/render-error.js';
import type { Route } from '../../protocols/route.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { pageResponse } from '../parts/layout.js';
import { pageRoute, describePage } from './page-route.js';

/** A text in which names of programs stand in backticks. */
const MarkedText = ({ text }: { text: string }) => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>
);

function ErrorList({ page: { t } }: { page: PageContext }) {
  const codes = (Object.keys(ERRORS) as ErrorCode[]).sort((a, b) => ERRORS[a].status - ERRORS[b].status);
  return (
    <>
      <h1>{t('page.errorList.title')}</h1>
      <p class="lead">{t('page.errorList.lead')}</p>
      {codes.map((code) => (
        <section>
          <h2 id={code}>
            <code>{code}</code>
          </h2>
          <p>
            <MarkedText text={t(`errorCauses.${code}`)} />
          </p>
          <p class="hint">
            {t('page.errorList.status')}: {ERRORS[code].status} · {t('page.errorList.issue')}: {ERRORS[code].issue}
          </p>
        </section>
      ))}
    </>
  );
}

/** `/errors`: when each error is returned, by its code; the page needs no network but this server's. */
export function errorsRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: ERRORS_PATH,
    // A client without a token is led here too.
    isOpen: true,
    get: async (visit) => {
      const page = createPageContext(options, visit, { path: ERRORS_PATH });
      const document = { title: page.t('page.errorList.title'), main: <ErrorList page={page} /> };
      return pageResponse(page, { ...document, searched: '' }, { facts: { outcome: 'ok' } });
    },
    cacheable: cacheableWith(),
    document: describePage('errors'),
  });
}
