import { RequestError } from '../../core/errors.js';
import type { Delivery, GivenEntry, HandedOverRecord, RecordedEntry } from '../../core/handing-over/record.js';
import type { Handler, Route, RouteRequest } from '../../protocols/route.js';
import { readHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import type { PageContext } from '../page-context.js';
import { createPageContext } from '../page-context.js';
import { correct, deliver } from './deliver.js';
import type { DeliverPages } from './deliver.js';
import { GivenPage, canRetry, findLeftOut } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { makeEntry } from './make-entry.js';
import { readPatient } from './read-chart.js';
import { writeSentence } from './sentence.js';
import type { SessionRequest } from './session-request.js';
import { findClinician, createSessionPage } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import type { SessionAddress } from './session-route.js';
import { buildSessionRoute } from './session-route.js';
import { redirect } from './start-routes.js';

/** A request for the record within a session. */
interface RecordRequest {
  readonly record: HandedOverRecord;
  readonly request: RouteRequest;
  readonly sessionRequest: SessionRequest;
  readonly options: LaunchOptions;
}

/** @throws RequestError `not-found` if the site has no record; LaunchFailure */
async function readRecordRequest(request: RouteRequest, options: LaunchOptions): Promise<RecordRequest> {
  const sessionRequest = findClinician(request, options);
  const { record } = options;
  if (!record) throw new RequestError('not-found');
  sessionRequest.session.person ??= (
    await readPatient(sessionRequest.session, options.client, request.inFlight)
  ).person;
  return { record, request, sessionRequest, options };
}

/** Whether an entry is of the session's patient. */
const isOfPatient = ({ entry }: RecordedEntry, { ehr, granted }: LaunchSession): boolean =>
  entry.ehr === ehr.iss && entry.patientId === granted.patientId;

/** An entry of the session's patient. @throws RequestError `not-found` for any other */
async function findEntry({ record, request, sessionRequest }: RecordRequest): Promise<RecordedEntry> {
  const recorded = await record.find(request.pathParameters.entry ?? '');
  if (!recorded || !isOfPatient(recorded, sessionRequest.session)) throw new RequestError('not-found');
  return recorded;
}

/** The clinician's page, and the handout's in the language of the entry. */
function createPages({ request, sessionRequest, options }: RecordRequest, entry: GivenEntry): DeliverPages {
  const page = createSessionPage(request, sessionRequest, options);
  const paper = createPageContext(options, request, { path: sessionRequest.launched, basket: [] }, entry.languageGiven);
  return { page, paper };
}

/** Writes an entry to the chart; the queue retries one that is left waiting. Of writes at once, the first one counts. */
async function send(recordRequest: RecordRequest, entry: GivenEntry, note: string, mayBeThere: boolean): Promise<void> {
  const { record, request, sessionRequest, options } = recordRequest;
  const { queue, clock } = options;
  const { session } = sessionRequest;
  const pages = createPages(recordRequest, entry);
  const parts = { ...options, record };
  const write = (isRetry: boolean, now: Date): Promise<Delivery | undefined> =>
    queue.writeAlone(entry.id, async () => {
      const delivery = await deliver({ entry, note, mayBeThere: isRetry }, session, pages, now, parts);
      // It may have been marked as entered in error meanwhile.
      const isError = (await record.find(entry.id))?.error !== undefined;
      if (isError) await correct(entry, delivery, session, now, parts);
      return delivery;
    });
  const first = () => write(mayBeThere, request.now);
  const { inFlight } = request;
  const delivery = await (inFlight ? inFlight.letOthers(first) : first());
  if (delivery?.state !== 'waiting') return;
  queue.add(entry.id, async () => {
    const known = await record.find(entry.id);
    if (!known || known.error || known.delivery?.state !== 'waiting') return undefined;
    return write(true, clock());
  });
}

const buildPath = (request: RouteRequest, { launched }: SessionRequest, id: string): string =>
  `${request.baseUrl}${launched}/given/${id}`;

/** "Given": records the handout, and writes it to the chart. */
function giveHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const recordRequest = await readRecordRequest(request, options);
    const { record, sessionRequest } = recordRequest;
    const requested = await readHandout(request, options, sessionRequest.launched);
    if (requested.chosen.length === 0) throw new RequestError('missing-parameter', { parameter: 'article' });
    const { entry, texts } = makeEntry(request, requested, sessionRequest.session, options.library.status().release);
    const known = await record.find(entry.id);
    if (known && !isOfPatient(known, sessionRequest.session)) throw new RequestError('not-found');
    // Of two requests at once, the one that adds the entry writes it to the chart.
    if (!known && (await record.add(entry, texts))) await send(recordRequest, entry, requested.choices.note, false);
    return { ...redirect(buildPath(request, sessionRequest, entry.id)), facts: requested.facts };
  };
}

function showHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const recordRequest = await readRecordRequest(request, options);
    const recorded = await findEntry(recordRequest);
    const { session, launched } = recordRequest.sessionRequest;
    const page: PageContext = createSessionPage(
      request,
      recordRequest.sessionRequest,
      options,
      `${launched}/given/${recorded.entry.id}`,
    );
    const { t, language } = page;
    const leftOut = findLeftOut(recorded, session);
    const sentence = writeSentence(recorded.entry, leftOut.length > 0 ? leftOut : recorded.entry.items, {
      t,
      language,
      timeZone: options.timeZone,
    });
    const main = <GivenPage session={session} recorded={recorded} sentence={sentence} page={page} />;
    const title = t(recorded.error ? 'given.errorTitle' : 'given.recorded');
    return pageResponse(page, { title, main, offer: 'none' }, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };
}

/** "Entered in error": an entry of its own, and a correction in the chart if the EHR supports updates. */
function errorHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const recordRequest = await readRecordRequest(request, options);
    const { record, sessionRequest } = recordRequest;
    const { entry, delivery } = await findEntry(recordRequest);
    options.queue.remove(entry.id);
    if (await record.markError(entry.id, sessionRequest.session.granted.user, request.now)) {
      const fix = () =>
        correct(entry, delivery, sessionRequest.session, request.now, { record, writer: options.writer });
      await (request.inFlight ? request.inFlight.letOthers(fix) : fix());
    }
    return redirect(buildPath(request, sessionRequest, entry.id));
  };
}

/** Retries to write an entry to the chart. */
function againHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const recordRequest = await readRecordRequest(request, options);
    const recorded = await findEntry(recordRequest);
    const { entry, delivery } = recorded;
    options.queue.remove(entry.id);
    if (canRetry(recorded, recordRequest.sessionRequest.session))
      await send(recordRequest, entry, '', delivery?.state !== 'refused');
    return redirect(buildPath(request, recordRequest.sessionRequest, entry.id));
  };
}

/** Routes of the record of handed-over articles, within a session. */
export function givenRoutes(options: LaunchOptions): Route[] {
  const addresses: readonly SessionAddress[] = [
    { path: '/given', post: giveHandler(options) },
    { path: '/given/:entry', get: showHandler(options) },
    { path: '/given/:entry/error', post: errorHandler(options) },
    { path: '/given/:entry/again', post: againHandler(options) },
  ];
  return addresses.map((address) => buildSessionRoute(options, address));
}
