import { LIMITS } from '../../limits.js';
import type { RouteResponse } from '../../protocols/route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import type { ChartReading, ReadPart } from './chart-read.js';
import { DoneForm, PatientBanner } from './banner.js';
import { createSessionPage, type SessionRequest } from './session-request.js';

/** Seconds between two looks of the page at a chart that is being read: each look waits itself. */
const PAUSE_SECONDS = 1;

/**
 * Shows what of a chart has arrived while the EHR is slow. The browser returns by itself, without a script.
 * @param reading whose parts are shown
 */
export function showReading(given: SessionRequest, { parts, since }: ChartReading): RouteResponse {
  const { session, launched } = given;
  const isClinician = session.role === 'clinician';
  const page = createSessionPage(given);
  const { t } = page;
  const listParts = (isThere: boolean): string =>
    [...parts]
      .flatMap(([part, one]: [ReadPart, boolean]) => (one === isThere ? t(`launch.parts.${part}`) : []))
      .join(', ');
  const [there, awaited] = [listParts(true), listParts(false)];
  const seconds = String(Math.max(1, Math.round((performance.now() - since) / 1000)));
  const title = t('launch.reading.title');
  const main = (
    <>
      <h1>{title}</h1>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
      <p class="notice" role="status">
        {t('launch.reading.slow', { seconds, most: String(LIMITS.launchReadMs / 1000) })}
      </p>
      {isClinician && there !== '' ? <p>{t('launch.reading.there', { parts: there })}</p> : null}
      {isClinician && awaited !== '' ? <p>{t('launch.reading.awaited', { parts: awaited })}</p> : null}
      <p class="hint">{t('launch.reading.goesOn')}</p>
      <div class="extras">
        <a class="action" href={page.href(launched)}>
          {t('launch.reading.look')}
        </a>
        <DoneForm page={page} />
      </div>
    </>
  );
  const headers = { ...NO_STORE, Refresh: String(PAUSE_SECONDS) };
  const document = { title, main, isForPatient: !isClinician };
  return pageResponse(page, document, { facts: { outcome: 'ok' }, headers });
}
