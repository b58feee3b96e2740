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
interface Giving {
  readonly record: HandedOverRecord;
  readonly request: RouteRequest;
  readonly of: SessionRequest;
  readonly options: LaunchOptions;
}

/** @throws RequestError `not-found` if the site has no record; LaunchFailure */
async function beginGiving(request: RouteRequest, options: LaunchOptions): Promise<Giving> {
  const of = findClinician(request, options);
  const { record } = options;
  if (!record) throw new RequestError('not-found');
  of.session.person ??= (await readPatient(of.session, options.client, request.inFlight)).person;
  return { record, request, of, options };
}

/** Whether an entry is of the session's patient. */
const isOfPatient = ({ entry }: RecordedEntry, { ehr, granted }: LaunchSession): boolean =>
  entry.ehr === ehr.iss && entry.patientId === granted.patientId;

/** An entry of the session's patient. @throws RequestError `not-found` for any other */
async function findEntry({ record, request, of }: Giving): Promise<RecordedEntry> {
  const recorded = await record.find(request.pathParameters.entry ?? '');
  if (!recorded || !isOfPatient(recorded, of.session)) throw new RequestError('not-found');
  return recorded;
}

/** The clinician's page, and the handout's in the language of the entry. */
function createPages({ request, of, options }: Giving, entry: GivenEntry): DeliverPages {
  const page = createSessionPage(request, of, options);
  const paper = createPageContext(options, request, { path: of.launched, basket: [] }, entry.languageGiven);
  return { page, paper };
}

/** Writes an entry to the chart; the queue retries one that is left waiting. Of writes at once, the first one counts. */
async function send(giving: Giving, entry: GivenEntry, note: string, mayBeThere: boolean): Promise<void> {
  const { record, request, of, options } = giving;
  const { queue, writer, handout, clock } = options;
  const { session } = of;
  const pages = createPages(giving, entry);
  const parts = { record, writer, handout };
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
    const giving = await beginGiving(request, options);
    const { record, of } = giving;
    const asked = await readHandout(request, options.handout, of.launched);
    if (asked.chosen.length === 0) throw new RequestError('missing-parameter', { parameter: 'article' });
    const { entry, texts } = makeEntry(request, asked, of.session, options.library.status().release);
    const known = await record.find(entry.id);
    if (known && !isOfPatient(known, of.session)) throw new RequestError('not-found');
    // Of two requests at once, the one that adds the entry writes it to the chart.
    if (!known && (await record.add(entry, texts))) await send(giving, entry, asked.choices.note, false);
    return { ...redirect(buildPath(request, of, entry.id)), facts: asked.facts };
  };
}

function showHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const giving = await beginGiving(request, options);
    const recorded = await findEntry(giving);
    const { session, launched } = giving.of;
    const page: PageContext = createSessionPage(request, giving.of, options, `${launched}/given/${recorded.entry.id}`);
    const { t, language } = page;
    const leftOut = findLeftOut(recorded, session);
    const sentence = writeSentence(recorded.entry, leftOut.length > 0 ? leftOut : recorded.entry.items, {
      t,
      language,
      timeZone: options.handout.timeZone,
    });
    const main = <GivenPage session={session} recorded={recorded} sentence={sentence} page={page} />;
    const title = t(recorded.error ? 'given.errorTitle' : 'given.recorded');
    return pageResponse(page, { title, main, offer: 'none' }, { facts: { outcome: 'ok' }, headers: NO_STORE });
  };
}

/** "Entered in error": an entry of its own, and a correction in the chart if the EHR supports updates. */
function errorHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const giving = await beginGiving(request, options);
    const { record, of } = giving;
    const { entry, delivery } = await findEntry(giving);
    options.queue.remove(entry.id);
    if (await record.markError(entry.id, of.session.granted.user, request.now)) {
      const fix = () => correct(entry, delivery, of.session, request.now, { record, writer: options.writer });
      await (request.inFlight ? request.inFlight.letOthers(fix) : fix());
    }
    return redirect(buildPath(request, of, entry.id));
  };
}

/** Retries to write an entry to the chart. */
function againHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const giving = await beginGiving(request, options);
    const recorded = await findEntry(giving);
    const { entry, delivery } = recorded;
    options.queue.remove(entry.id);
    if (canRetry(recorded, giving.of.session)) await send(giving, entry, '', delivery?.state !== 'refused');
    return redirect(buildPath(request, giving.of, entry.id));
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
