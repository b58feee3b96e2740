import { listAddresses } from '../../config/ehrs.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import { findChartSetting } from '../../core/charts/chart-settings.js';
import { RequestError } from '../../core/errors.js';
import { dayInZone } from '../../core/day-in-zone.js';
import { findGivenBefore } from '../../core/handing-over/given-before.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import type { WholeChart } from '../../protocols/fhir/knowledge-request/read-whole-chart.js';
import { runComputation, type HeavyComputation, type RouteResponse } from '../../protocols/route.js';
import {
  ChartChoiceFields,
  UNCLEAR,
  chooseQuestions,
  readChoices,
  situate,
  type ChartChoices,
} from '../list/chart-choices.js';
import { ChartView, renderChart } from '../list/chart-view.js';
import { ChartVisit } from '../list/chart-visit.js';
import { toPacket } from '../list/read-packet.js';
import { readBy, type PageContext } from '../page-context.js';
import { BASKET_FORM } from '../parts/basket.js';
import { LateSources } from '../parts/late-sources.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { LAUNCHED_PATH } from './cookies.js';
import { GivenBefore } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import { readChart, type ChartPart } from './read-chart.js';
import { createSessionPage, type SessionRequest } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import { showStoredList } from './stored-list.js';
import { AddEntries, TypedEntries, answerTyped, readTyped } from './typed-entries.js';

/** Maximum earlier handovers on a page. */
const MOST_BEFORE = 20;

/** Maximum articles of a list that a session stores. */
const MOST_STORED = 100;

/** Lists this patient's entries, the newest first. */
export async function listRecorded(
  { session: { ehr, granted }, options: { record } }: SessionRequest,
  most: number,
): Promise<readonly RecordedEntry[]> {
  return record ? record.list({ patient: { ehr: listAddresses(ehr), id: granted.patientId } }, most) : [];
}

/** The page for the reader that a chart describes. */
export function readByPatient(
  page: PageContext,
  performer: 'PAT' | 'PROV',
  { ageGroups, leastAgeMonths, sex, foreignLanguage }: WholeChart['patient'],
  { library }: LaunchOptions,
): PageContext {
  return readBy(page, { ...page.reader, performer, ageGroups, leastAgeMonths, sex, foreignLanguage }, library);
}

/** The days on which the patient received articles, in the site's zone. */
const listDays = (given: ReadonlyMap<string, string>, timeZone: string): Map<string, string> =>
  new Map([...given].map(([article, at]) => [article, dayInZone(new Date(at), timeZone)]));

/** Finds the problems of the chart that each article explains. */
const findReasons = ({ articles }: ChartResponse): Map<string, readonly RequestCoding[]> =>
  new Map(
    articles.flatMap(({ article, reasons }) => {
      const codes = reasons.flatMap(({ question: { kind, doubt, isSubject = false }, coding }) =>
        kind === 'problem' && doubt === undefined && !isSubject ? coding : [],
      );
      return codes.length === 0 ? [] : [[article.id, codes] as const];
    }),
  );

/** Lists the articles that a session stores. Held ones are decided on with their reasons beside them, and are left out. */
const listStored = ({ articles }: ChartResponse): string[] =>
  articles.flatMap(({ hold, article }) => (hold === undefined ? article.id : [])).slice(0, MOST_STORED);

/** Lists earlier handovers; none if the database is unavailable. */
const listBefore = (given: SessionRequest): Promise<readonly RecordedEntry[]> =>
  listRecorded(given, MOST_BEFORE).catch((error: unknown) => {
    if (error instanceof RequestError && error.code === 'library-unavailable') return [];
    throw error;
  });

/** Failures after which the last list of the session is shown. */
const SHOWS_STORED: ReadonlySet<string> = new Set(['token-refused', 'ehr-unreachable']);

/** Shows a clinician the list of a chart; the last one of the session if the chart cannot be read any more. @throws LaunchFailure */
export async function showList(given: SessionRequest): Promise<RouteResponse> {
  try {
    return await showChart(given, await readChart(given));
  } catch (error) {
    const { listed } = given.session;
    if (!(error instanceof LaunchFailure) || !listed || !SHOWS_STORED.has(error.reason)) throw error;
    return showStoredList(given, listed);
  }
}

/** Names the parts of the chart that were not read. */
function MissingParts({ missing, t }: { missing: readonly ChartPart[]; t: PageContext['t'] }) {
  if (missing.length === 0) return null;
  const parts = missing.map((part) => t(`launch.parts.${part}`)).join(', ');
  return <p class="notice notice-problem">{t('launch.missing', { parts })}</p>;
}

/** Data that the list of a session is computed of. */
interface LaunchedChart extends Pick<Awaited<ReturnType<typeof readChart>>, 'resources' | 'missing'> {
  /** Without secrets: it leaves the process. */
  readonly session: LaunchSession;
  readonly before: readonly RecordedEntry[];
}

/** A list, and facts that its session stores. */
interface ComputedList {
  readonly response: RouteResponse;
  readonly stored: Pick<LaunchSession, 'languagePreferred' | 'reasons' | 'listed'>;
}

const withoutSecrets = ({ ehr, granted, ...session }: LaunchSession): LaunchSession => ({
  ...session,
  ehr: { ...ehr, authentication: { method: 'none' } },
  granted: { ...granted, accessToken: '', refreshToken: undefined },
  renewing: undefined,
});

/** Shows a clinician the list of a chart that was read, and stores its facts with the session. */
async function showChart(
  given: SessionRequest,
  { resources, person, missing }: Awaited<ReturnType<typeof readChart>>,
): Promise<RouteResponse> {
  const { request, session, options } = given;
  session.person = person;
  const before = await listBefore(given);
  const chart: LaunchedChart = { resources, missing, before, session: withoutSecrets(session) };
  const { response, stored } = await runComputation<ComputedList>(createListComputation(options), chart, request);
  Object.assign(session, stored);
  return response;
}

/** Creates the computation of lists: all of them that needs neither the EHR nor the record. */
export const createListComputation =
  (options: LaunchOptions): HeavyComputation =>
  (supplied, request) => {
    const chart = supplied as LaunchedChart;
    return computeList(
      { request, options, session: chart.session, launched: `${LAUNCHED_PATH}/${chart.session.id}` },
      chart,
    );
  };

/** Computes the articles for the chart and for typed entries, in the patient's language. */
async function computeList(
  given: SessionRequest,
  { resources, missing, before }: LaunchedChart,
): Promise<ComputedList> {
  const { request, session, options, launched } = given;
  const { now } = request;
  const { library, terminologySource, readResources } = options;
  const choices = readChoices(request.parameters);
  const { encounterId } = session.granted;
  const read = readResources(resources, {
    encounter: encounterId === undefined ? undefined : `Encounter/${encounterId}`,
    findSetting: (encounterClass) => findChartSetting(encounterClass, { task: undefined, performer: 'PROV' }),
    includeInactive: choices.includeInactive,
    server: session.ehr.iss,
    now,
  });
  const { includeInactive: inactive, setting, takesUnclear } = choices;
  const query = { inactive: String(inactive), setting, [UNCLEAR]: takesUnclear ? 'true' : '' };
  const plain = createSessionPage(given, launched, { query });
  const packet = toPacket(read, plain.t, library);
  const { language = plain.language, foreignLanguage, isDeceased = false } = read.patient;
  const own = readByPatient(plain, 'PROV', read.patient, options);
  const reader = { ...own.reader, language };
  const situation = situate(choices, packet, plain.language, now, options);
  const questions = chooseQuestions(packet, choices);
  const chart = await answerChart(questions, reader, situation, library, terminologySource);
  const sent = readTyped(request);
  const typed = sent && (await answerTyped(sent, { ...own, reader }, situation, options));
  const givenOn = listDays(findGivenBefore(before, encounterId, now), options.timeZone);
  const fresh = chart.articles.flatMap((one) => (isChosen(one) && !givenOn.has(one.article.id) ? one.article.id : []));
  const ticked = typed?.ticked ?? new Set(fresh);
  const page: PageContext = { ...own, ticked, givenOn };
  const stored = {
    languagePreferred: read.patient.foreignLanguage ?? read.patient.language,
    reasons: findReasons(chart),
    listed: { at: now.toISOString(), ids: listStored(chart), ticked: new Set(fresh), language, reader: own.reader },
  };
  const { t } = page;
  const pieces = renderChart({ packet, chart }, page);
  // Below the articles: an EHR's frame is low.
  const add = <AddEntries typed={typed} choices={choices} page={page} />;
  const main = (
    <>
      <h1>{t('launch.title')}</h1>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
      <p class="lead" role="status">
        <strong>{pieces.outcome}</strong>
      </p>
      <ChartVisit {...{ chart, packet, situation, page }} ticked={ticked.size} form={CHOICES_FORM} />
      <MissingParts missing={missing} t={t} />
      <div class="extras">
        <ChoicesForm choices={choices} isDeceased={isDeceased} page={page} />
        <DoneForm page={page} />
      </div>
      {typed ? add : null}
      <TypedEntries typed={typed} page={page} />
      <ChartView packet={packet} chart={chart} pieces={pieces} form={CHOICES_FORM} page={page} />
      {typed ? null : add}
      <GivenBefore entries={before} timeZone={options.timeZone} session={session} page={page} />
      <LateSources library={library} now={now} page={page} />
    </>
  );
  const title = `${t('launch.title')}: ${pieces.outcome}`;
  const offer = { reads: foreignLanguage ?? language };
  const stateForm = typed ? { id: BASKET_FORM, action: launched } : undefined;
  const cards = typed && typed.rows.flatMap(({ card }) => card ?? []);
  const facts = describeAnswers(chart.response, cards);
  const response = pageResponse(page, { title, main, offer, stateForm }, { facts, headers: NO_STORE });
  return { response, stored };
}

interface ChoicesFormProps {
  readonly choices: ChartChoices;
  readonly isDeceased: boolean;
  readonly page: PageContext;
}

const CHOICES_FORM = 'choices';

/** A form to read the chart with other choices; its address has nothing of the patient. */
function ChoicesForm({ choices, isDeceased, page }: ChoicesFormProps) {
  const { t, basePath, launched = '', language } = page;
  return (
    <details class="more">
      <summary>{t('launch.change')}</summary>
      <form class="packet-form" id={CHOICES_FORM} action={`${basePath}${launched}`} method="get">
        <input type="hidden" name="lang" value={language} />
        <ChartChoiceFields {...choices} isDeceased={isDeceased} t={t} />
        <button type="submit">{t('launch.readAgain')}</button>
      </form>
    </details>
  );
}
