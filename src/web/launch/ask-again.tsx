import type { RecordedEntry } from '../../core/handing-over/record.js';
import { describeTime } from '../../core/time-in-zone.js';
import { firstValue, type Parameters, type RouteResponse } from '../../protocols/route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { ASKS } from './given-form.js';
import { PatientBanner } from './banner.js';
import { createSessionPage, type RecordRequest } from './session-request.js';
import { listRecorded } from './show-list.js';

/** The same articles within this time are a second press, or another tab, mostly. */
const SAME_MS = 60_000;
/** Maximum earlier entries that are compared. */
const MOST_COMPARED = 20;

const isSame = ({ entry }: RecordedEntry, articles: readonly string[]): boolean =>
  entry.items.length === articles.length && entry.items.every(({ article }) => articles.includes(article));

/** Finds an entry of the same articles for the same patient, less than a minute old; undefined if the form does not ask. */
export async function findSameEntry(
  given: RecordRequest,
  articles: readonly string[],
): Promise<RecordedEntry | undefined> {
  const { parameters, now } = given.request;
  if (firstValue(parameters, ASKS) === '') return undefined;
  const entries = await listRecorded(given, MOST_COMPARED);
  return entries.find(
    (one) => !one.error && now.getTime() - Date.parse(one.entry.at) < SAME_MS && isSame(one, articles),
  );
}

function HiddenFields({ parameters }: { parameters: Parameters }) {
  return (
    <>
      {parameters
        .filter(([name]) => name !== ASKS)
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
    </>
  );
}

/** Asks whether the same articles are to be recorded a second time. Nothing is recorded yet. */
export function askAgain(given: RecordRequest, { entry }: RecordedEntry): RouteResponse {
  const { request, session, launched, options } = given;
  const page = createSessionPage(given, `${launched}/given`);
  const { t, language, basePath } = page;
  const main = (
    <>
      <h1>{t('given.askTitle')}</h1>
      <PatientBanner session={session} page={page} />
      <p class="notice">{t('given.askHint', { time: describeTime(entry.at, language, options.timeZone) })}</p>
      <div class="extras">
        <a class="action" href={page.href(`${launched}/given/${entry.id}`)}>
          {t('given.askShow')}
        </a>
        <form action={`${basePath}${launched}/given`} method="post">
          <HiddenFields parameters={request.parameters} />
          <button type="submit" class="action">
            {t('given.askRecord')}
          </button>
        </form>
      </div>
    </>
  );
  const document = { title: t('given.askTitle'), main, offer: 'none' } as const;
  return pageResponse(page, document, { facts: { outcome: 'ok' }, headers: NO_STORE });
}
