import { listAddresses } from '../../config/ehrs.js';
import { RequestError } from '../../core/errors.js';
import { dayInZone } from '../../core/time-in-zone.js';
import { chooseLanguage } from '../../core/model/language.js';
import type { GivenEntry, GivenItem, RecordedEntry } from '../../core/handing-over/record.js';
import { firstValue, type Route, type RouteResponse } from '../../protocols/route.js';
import { GivenPaper } from '../handout/given-paper.js';
import { readHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { askAgain, findSameEntry } from './ask-again.js';
import { correct } from './delivery/deliver.js';
import { send } from './delivery/send-entry.js';
import { writeSentence } from './delivery/sentence.js';
import { makeEntry } from './given-form.js';
import { PatientBanner } from './banner.js';
import { GivenPage, TO_TAKE_HOME, canRetry, chooseHeading, findLeftOut } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { namePatient } from './read-chart.js';
import { isTokenEnded } from './renew-token.js';
import { listRecorded } from './show-list.js';
import {
  buildSessionRoute,
  createSessionPage,
  findRecord,
  forClinician,
  isChartOnly,
  type RecordRequest,
  type SessionAddress,
  type SessionHandler,
} from './session-request.js';
import type { LaunchSession } from './sessions.js';

/** Whether an entry is of the session's patient. */
const isOfPatient = ({ entry }: RecordedEntry, { ehr, granted }: LaunchSession): boolean =>
  entry.ehr !== undefined && listAddresses(ehr).includes(entry.ehr) && entry.patientId === granted.patientId;

/** An entry of the session's patient. @throws RequestError `not-found` for any other */
async function findEntry({ record, request, session }: RecordRequest): Promise<RecordedEntry> {
  const recorded = await record.find(request.pathParameters.entry ?? '');
  if (!recorded || !isOfPatient(recorded, session)) throw new RequestError('not-found');
  return recorded;
}

const showEntry = ({ request, launched }: RecordRequest, { id }: GivenEntry): RouteResponse =>
  redirect(`${request.baseUrl}${launched}/given/${id}`);

/** "Given": records the handout, and writes it to the chart. */
async function give(given: RecordRequest): Promise<RouteResponse> {
  const { record, request, session, launched, options } = given;
  const requested = await readHandout(request, options, launched);
  if (requested.chosen.length === 0) throw new RequestError('missing-parameter', { parameter: 'article' });
  const { entry, texts } = makeEntry(request, requested, session, options.library.status().release);
  const known = await record.find(entry.id);
  if (known && !isOfPatient(known, session)) throw new RequestError('not-found');
  const same = known
    ? undefined
    : await findSameEntry(
        given,
        entry.items.map(({ article }) => article),
      );
  if (same) return askAgain(given, same);
  // Of two requests at once, the one that adds the entry writes it to the chart.
  if (!known && (await record.add(entry, texts))) await send(given, entry, requested.choices.note, false);
  return { ...showEntry(given, entry), facts: requested.facts };
}

async function show(given: RecordRequest): Promise<RouteResponse> {
  const recorded = await findEntry(given);
  const { session, launched, options } = given;
  const { entry } = recorded;
  const page = createSessionPage(given, `${launched}/given/${entry.id}`);
  const { t, language } = page;
  const leftOut = findLeftOut(recorded, session);
  const items = leftOut.length > 0 ? leftOut : entry.items;
  const sentence = writeSentence(entry, items, { t, language, timeZone: options.timeZone });
  const main = (
    <GivenPage
      {...{ session, recorded, sentence, page }}
      isEnded={isTokenEnded(session, given.request.now)}
      isChartOnly={isChartOnly(given)}
    />
  );
  const title = t(chooseHeading(recorded, session, isChartOnly(given)));
  return pageResponse(page, { title, main, offer: 'none' }, { facts: { outcome: 'ok' }, headers: NO_STORE });
}

/** Maximum earlier handovers on a paper. */
const MOST_ON_PAPER = 100;

/** All that the patient received, as a paper to take home. Marked articles are on it only if the clinician includes them. */
async function showToTakeHome(given: RecordRequest): Promise<RouteResponse> {
  const { session, launched, options, request } = given;
  const path = `${launched}${TO_TAKE_HOME}`;
  const page = createSessionPage(given, path);
  const { t } = page;
  const includesMarked = firstValue(request.parameters, 'marked') === 'true';
  const all = (await listRecorded(given, MOST_ON_PAPER)).flatMap(({ entry, error }) => (error ? [] : entry));
  const isShown = ({ sensitivity }: GivenItem): boolean => includesMarked || sensitivity === undefined;
  const entries = all
    .map(({ at, items }) => ({ at, items: items.filter(isShown) }))
    .filter(({ items }) => items.length > 0);
  const leftOut = all.some(({ items }) => items.some((item) => !isShown(item)));
  const language = chooseLanguage(session.languagePreferred ?? '') ?? page.language;
  const paper = createSessionPage(given, path, { language });
  const { timeZone, siteName } = options;
  const printedOn = dayInZone(request.now, timeZone);
  const main = (
    <div class="handout-view">
      <div class="screen-only handout-side">
        <p class="handout-title">{t('given.toYou.title')}</p>
        <PatientBanner session={session} page={page} />
        {leftOut ? (
          <p class="notice">
            {t('given.toYou.marked')} <a href={page.href(path, { marked: 'true' })}>{t('given.toYou.include')}</a>
          </p>
        ) : null}
        {entries.length === 0 ? <p class="notice">{t('given.toYou.none')}</p> : null}
        <p class="actions">
          <button type="button" class="with-script" data-print-page>
            {t('handout.print')}
          </button>
          <a class="action" href={page.href(launched)}>
            {t('launch.backToList')}
          </a>
        </p>
      </div>
      <GivenPaper {...{ entries, printedOn, timeZone, siteName, paper }} />
    </div>
  );
  const title = paper.t('given.toYou.heading');
  return pageResponse(page, { title, main, offer: 'none' }, { facts: { outcome: 'ok' }, headers: NO_STORE });
}

/** "Entered in error": an entry of its own, and a correction in the chart if the EHR supports updates. */
async function markError(given: RecordRequest): Promise<RouteResponse> {
  const { record, request, session, options } = given;
  const { entry, delivery } = await findEntry(given);
  options.queue.remove(entry.id);
  if (await record.markError(entry.id, session.granted.user, request.now))
    await correct(given, entry, delivery, request.now);
  return showEntry(given, entry);
}

/** Retries to write an entry to the chart. */
async function sendAgain(given: RecordRequest): Promise<RouteResponse> {
  const recorded = await findEntry(given);
  const { entry, delivery } = recorded;
  given.options.queue.remove(entry.id);
  if (canRetry(recorded, given.session)) await send(given, entry, '', delivery?.state !== 'refused');
  return showEntry(given, entry);
}

/** Routes of the record of handed-over articles, within a session. */
export function givenRoutes(options: LaunchOptions): Route[] {
  /** @throws RequestError `not-found` if there is no record; LaunchFailure */
  const bind = (handle: (given: RecordRequest) => Promise<RouteResponse>): SessionHandler =>
    forClinician(async (given) => {
      const record = findRecord(given);
      if (!record) throw new RequestError('not-found');
      await namePatient(given);
      return handle({ ...given, record });
    });
  const addresses: readonly SessionAddress[] = [
    { path: '/given', post: bind(give) },
    { path: TO_TAKE_HOME, get: bind(showToTakeHome) },
    { path: '/given/:entry', get: bind(show) },
    { path: '/given/:entry/error', post: bind(markError) },
    { path: '/given/:entry/again', post: bind(sendAgain) },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
