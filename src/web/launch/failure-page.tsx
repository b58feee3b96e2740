import type { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import type { RouteResponse } from '../../protocols/route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import type { PageContext } from '../page-context.js';

/** Renders what went wrong with a launch and what to do. Without tools: the user may be a patient. */
export function renderFailure(failure: LaunchFailure, page: PageContext): RouteResponse {
  const { t } = page;
  const { reason, status } = failure;
  const main = (
    <>
      <h1>{t('launch.failed')}</h1>
      <p class="notice notice-problem" role="alert">
        {t(`launch.failures.${reason}`)}
      </p>
      <p>{t(`launch.remedies.${reason}`)}</p>
      <p class="hint">{t('launch.reference', { reason })}</p>
    </>
  );
  return pageResponse(
    page,
    { title: t('launch.failed'), main, isForPatient: true },
    { status, facts: { outcome: `launch-${reason}` }, headers: NO_STORE },
  );
}
