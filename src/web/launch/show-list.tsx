import type { Department } from '../../core/model/department.js';
import { listAddresses } from '../../config/ehrs.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import { findChartSetting } from '../../core/charts/chart-settings.js';
import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import { findEncounterOf, nameDepartment } from '../../protocols/fhir/knowledge-request/read-department.js';
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
import { ChartVisit, countTicked } from '../list/chart-visit.js';
import { CutTexts } from '../list/entry-parts.js';
import { toPacket } from '../list/read-packet.js';
import { DepartmentSelect } from '../department.js';
import { readBy, type PageContext } from '../page-context.js';
import { listChartConcerns } from '../leaflet/leaflet-text.js';
import { BASKET_FORM } from '../parts/basket.js';
import { LateSources } from '../parts/late-sources.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { LAUNCHED_PATH } from './cookies.js';
import { findGivenDays } from './given-days.js';
import { GivenBefore } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { LaunchFailure } from '../../upstream/failures.js';
import { awaitReading, isReading } from './await-reading.js';
import type { ChartPart, ChartRead } from './chart-read.js';
import { readChart } from './read-chart.js';
import { showReading } from './reading-page.js';
import { createSessionPage, findRecord, type SessionRequest } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import { sendOfPatient } from './delivery/send-entry.js';
import { showStoredList } from './stored-list.js';
import { AddEntries, TypedEntries, answerTyped, readTyped } from './typed-entries.js';

/** Maximum earlier handovers on a page. */
const MOST_BEFORE = 20;

/** Maximum articles of a list that a session stores. */
const MOST_STORED = 100;

/** Lists this patient's entries, the newest first. */
export async function listRecorded(given: SessionRequest, most: number): Promise<readonly RecordedEntry[]> {
  const { ehr, granted } = given.session;
  const record = findRecord(given);
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
  const { listed } = given.session;
  try {
    // Typed entries would be lost on a page in between.
    const ms = given.request.method === 'POST' ? LIMITS.launchReadMs : LIMITS.launchPatienceMs;
    const read = await awaitReading(given, readChart, ms);
    if (!isReading(read)) return await showChart(given, read);
    return listed ? showStoredList(given, listed) : showReading(given, read);
  } catch (error) {
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

/** The heading, and the patient unless the EHR shows whose chart it is. */
function Head({ session, page }: Parameters<typeof PatientBanner>[0]) {
  return (
    <div class="launch-head">
      <h1>{page.t('launch.title')}</h1>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
    </div>
  );
}

/** Data that the list of a session is computed of. */
interface LaunchedChart extends Pick<ChartRead, 'resources' | 'missing' | 'handovers'> {
  /** Without secrets: it leaves the process. */
  readonly session: LaunchSession;
  readonly before: readonly RecordedEntry[];
  /** Ids of the entries that are being sent to the chart. */
  readonly sending: ReadonlySet<string>;
}

/** A list, and facts that its session stores. */
interface ComputedList {
  readonly response: RouteResponse;
  readonly stored: Pick<LaunchSession, 'languagePreferred' | 'department' | 'reasons' | 'listed'>;
}

/** The session without its token and without what only this process has. */
const withoutSecrets = ({ ehr, granted, ...session }: LaunchSession): LaunchSession => ({
  ...session,
  ehr: { ...ehr, authentication: { method: 'none' } },
  granted: { ...granted, accessToken: '', refreshToken: undefined },
  renewing: undefined,
  record: undefined,
  reading: undefined,
});

/** Shows a clinician the list of a chart that was read, and stores its facts with the session. */
async function showChart(
  given: SessionRequest,
  { resources, person, missing, handovers }: ChartRead,
): Promise<RouteResponse> {
  const { request, session, options } = given;
  session.person = person;
  const before = await listBefore(given);
  const sending = request.method === 'GET' ? sendOfPatient(given, before) : new Set<string>();
  const ofChart = { resources, missing, handovers };
  const chart: LaunchedChart = { ...ofChart, before, sending, session: withoutSecrets(session) };
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
  supplied: SessionRequest,
  { resources, missing, handovers, before, sending }: LaunchedChart,
): Promise<ComputedList> {
  const { session, options, launched } = supplied;
  const { encounterId, places } = session.granted;
  const department = nameDepartment(findEncounterOf(resources, encounterId), options.departments, places);
  const request = { ...supplied.request, department };
  const given = { ...supplied, request };
  const { now } = request;
  const { library, terminologySource, readResources } = options;
  const choices = readChoices(request.parameters);
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
  const { foreignLanguage, isDeceased = false } = read.patient;
  const { language = foreignLanguage === undefined ? plain.handoutLanguage : plain.language } = read.patient;
  const own = readByPatient(plain, 'PROV', read.patient, options);
  const reader = { ...own.reader, language };
  const situation = situate(choices, packet, plain, now, options);
  const questions = chooseQuestions(packet, choices);
  const chart = await answerChart(questions, reader, situation, library, terminologySource);
  const sent = readTyped(request);
  const typed = sent && (await answerTyped(sent, { ...own, reader }, situation, options));
  const givenOn = findGivenDays(given, chart, before, handovers);
  const fresh = chart.articles.flatMap((one) => (isChosen(one) && !givenOn.has(one.article.id) ? one.article.id : []));
  const ticked = typed?.ticked ?? new Set(fresh);
  const page: PageContext = { ...own, ticked, givenOn };
  const stored = {
    languagePreferred: read.patient.foreignLanguage ?? read.patient.language,
    department,
    reasons: findReasons(chart),
    listed: { at: now.toISOString(), ids: listStored(chart), ticked: new Set(fresh), language, reader: own.reader },
  };
  const pieces = renderChart({ packet, chart }, page);
  // Below the articles: an EHR's frame is low.
  const add = <AddEntries typed={typed} choices={choices} page={page} />;
  const main = (
    <div class="launched-list">
      <Head session={session} page={page} />
      <ChartVisit {...{ chart, packet, situation, page }} ticked={ticked.size} form={CHOICES_FORM} />
      <CutTexts questions={questions} page={page} />
      <MissingParts missing={missing} t={page.t} />
      {typed ? add : null}
      <TypedEntries typed={typed} page={page} />
      <ChartView packet={packet} chart={chart} pieces={pieces} form={CHOICES_FORM} page={page} />
      {typed ? null : add}
      <GivenBefore entries={before} sending={sending} timeZone={options.timeZone} session={session} page={page} />
      <div class="extras">
        <ChoicesForm choices={choices} departments={options.departments} isDeceased={isDeceased} page={page} />
        <DoneForm page={page} />
      </div>
      <LateSources library={library} now={now} page={page} />
    </div>
  );
  const title = `${page.t('launch.title')}: ${countTicked(ticked.size, page)}`;
  const offer = { reads: foreignLanguage ?? language, concerns: listChartConcerns(chart) };
  const stateForm = typed ? { id: BASKET_FORM, action: launched } : undefined;
  const cards = typed && typed.rows.flatMap(({ card }) => card ?? []);
  const facts = describeAnswers(chart.response, cards);
  const response = pageResponse(page, { title, main, offer, stateForm }, { facts, headers: NO_STORE });
  return { response, stored };
}

interface ChoicesFormProps {
  readonly choices: ChartChoices;
  readonly departments: readonly Department[];
  readonly isDeceased: boolean;
  readonly page: PageContext;
}

const CHOICES_FORM = 'choices';

/** A form to read the chart with other choices; its address has nothing of the patient. */
function ChoicesForm({ choices, departments, isDeceased, page }: ChoicesFormProps) {
  const { t, basePath, launched = '', language } = page;
  return (
    <details class="more">
      <summary>{t('launch.change')}</summary>
      <form class="packet-form" id={CHOICES_FORM} action={`${basePath}${launched}`} method="get">
        <input type="hidden" name="lang" value={language} />
        <DepartmentSelect departments={departments} none={t('packet.settings.chart')} page={page} />
        <ChartChoiceFields {...choices} isDeceased={isDeceased} t={t} />
        <button type="submit">{t('launch.readAgain')}</button>
      </form>
    </details>
  );
}
