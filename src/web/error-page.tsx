import type { ErrorRenderer } from '../protocols/route.js';
import type { PageOptions } from './page-context.js';
import { createPageContext, firstValue, languageOf } from './page-context.js';
import { NO_STORE, pageResponse } from './layout.js';
import { looksLikeChart } from './several-codes.js';

type ErrorPageOptions = Omit<PageOptions, 'library' | 'elsewhere' | 'maxArticles' | 'maxCriteria'>;

/** An error at an address of ours as a page: what went wrong, and where to go on. */
export function createErrorRenderer(options: ErrorPageOptions): ErrorRenderer {
  return ({ code, status, values }, { parameters }) => {
    const page = createPageContext(options, languageOf(parameters), { path: '/' });
    const { t } = page;
    const sent = firstValue(parameters, 'q');
    const query = looksLikeChart(sent) ? '' : sent.slice(0, options.maxQueryChars);
    const main = (
      <>
        <h1>{t(status < 500 ? 'page.problem' : 'page.ourProblem')}</h1>
        <p class="notice notice-problem" role="alert">
          {t(`errors.${code}`, values)}
        </p>
        <ul class="tries">
          <li>
            <a href={page.href('/')}>{t('page.try.again')}</a>
          </li>
          <li>
            <a href={page.href('/browse')}>{t('page.try.browse')}</a>
          </li>
        </ul>
      </>
    );
    const document = { title: t('page.problem'), main, searched: query };
    return pageResponse(page, document, { status, facts: { outcome: code }, headers: NO_STORE });
  };
}
