import { listAddresses } from '../../config/ehrs.js';
import { RequestError } from '../../core/errors.js';
import type { GivenEntry, RecordedEntry } from '../../core/handing-over/record.js';
import type { Route, RouteResponse } from '../../protocols/route.js';
import { readHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { createPageContext } from '../page-context.js';
import { askAgain, findSameEntry } from './ask-again.js';
import { correct, deliver } from './deliver.js';
import { makeEntry } from './given-form.js';
import { GivenPage, canRetry, findLeftOut } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { namePatient } from './read-chart.js';
import { isTokenEnded } from './renew-token.js';
import { writeSentence } from './sentence.js';
import { buildSessionRoute, createSessionPage, forClinician } from './session-request.js';
import type { RecordRequest, SessionAddress, SessionHandler } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import type { DeliveryResult } from './write-back-queue.js';

/** Whether an entry is of the session's patient. */
const isOfPatient = ({ entry }: RecordedEntry, { ehr, granted }: LaunchSession): boolean =>
  entry.ehr !== undefined && listAddresses(ehr).includes(entry.ehr) && entry.patientId === granted.patientId;

/** An entry of the session's patient. @throws RequestError `not-found` for any other */
async function findEntry({ record, request, session }: RecordRequest): Promise<RecordedEntry> {
  const recorded = await record.find(request.pathParameters.entry ?? '');
  if (!recorded || !isOfPatient(recorded, session)) throw new RequestError('not-found');
  return recorded;
}

/** Writes an entry to the chart; the queue retries one that is left waiting. Of writes at once, the first one counts. */
async function send(given: RecordRequest, entry: GivenEntry, note: string, mayBeThere: boolean): Promise<void> {
  const { record, request, options, launched } = given;
  const { queue, clock } = options;
  // The clinician's page, and the handout's in the language of the entry.
  const page = createSessionPage(given);
  const paper = createPageContext(options, request, { path: launched, basket: [] }, entry.languageGiven);
  const write = (isRetry: boolean, now: Date): Promise<DeliveryResult | undefined> =>
    queue.writeAlone(entry.id, async () => {
      const delivery = await deliver(given, { entry, note, mayBeThere: isRetry }, { page, paper }, now);
      // It may have been marked as entered in error meanwhile.
      const isError = (await record.find(entry.id))?.error !== undefined;
      if (isError) await correct(given, entry, delivery, now);
      return delivery;
    });
  const delivery = await write(mayBeThere, request.now);
  if (delivery?.state !== 'waiting') return;
  const retry = async (): Promise<DeliveryResult | undefined> => {
    const known = await record.find(entry.id);
    if (!known || known.error || known.delivery?.state !== 'waiting') return undefined;
    return write(true, clock());
  };
  queue.add(entry.id, retry, 0, delivery.retryAfterMs);
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
    <GivenPage {...{ session, recorded, sentence, page }} isEnded={isTokenEnded(session, given.request.now)} />
  );
  const title = t(recorded.error ? 'given.errorTitle' : 'given.recorded');
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
  /** @throws RequestError `not-found` if the site has no record; LaunchFailure */
  const bind = (handle: (given: RecordRequest) => Promise<RouteResponse>): SessionHandler =>
    forClinician(async (given) => {
      const { record } = options;
      if (!record) throw new RequestError('not-found');
      await namePatient(given);
      return handle({ ...given, record });
    });
  const addresses: readonly SessionAddress[] = [
    { path: '/given', post: bind(give) },
    { path: '/given/:entry', get: bind(show) },
    { path: '/given/:entry/error', post: bind(markError) },
    { path: '/given/:entry/again', post: bind(sendAgain) },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
