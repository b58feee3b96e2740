import { listAddresses } from '../../config/ehrs.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import { findChartSetting, type ChartSituation } from '../../core/charts/chart-settings.js';
import { RequestError } from '../../core/errors.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { LIMITS } from '../../limits.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import type { WholeChart } from '../../protocols/fhir/knowledge-request/read-whole-chart.js';
import { wholeValue, type RouteRequest, type RouteResponse } from '../../protocols/route.js';
import { giveWay } from '../../turns.js';
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
import { buildRows } from '../list/list-rows.js';
import { applyChoice, normalizeBreaks } from '../list/list-route.js';
import { RowsView, renderRows } from '../list/list-view.js';
import { readItems, toListPacket, toPacket } from '../list/read-packet.js';
import { readBy, type PageContext } from '../page-context.js';
import { BASKET_FORM, readAddedIds } from '../parts/basket.js';
import { LateSources } from '../parts/late-sources.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { findGivenDays } from './given-days.js';
import { GivenBefore } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import { awaitReading, isReading } from './await-reading.js';
import type { ChartPart, ChartRead } from './chart-read.js';
import { readChart } from './read-chart.js';
import { showReading } from './reading-page.js';
import { createSessionPage, findRecord, type SessionRequest } from './session-request.js';
import { sendOfPatient } from './delivery/send-entry.js';
import { showStoredList } from './stored-list.js';

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

/**
 * Reads what a clinician typed beside the chart, and the ids of the articles that were ticked then; undefined where the page was only
 * opened. Nothing typed is in an address.
 */
function readTyped({ method, parameters }: RouteRequest) {
  if (method !== 'POST') return undefined;
  const sent = parameters.find(([name]) => name === 'list')?.[1] ?? '';
  const text = applyChoice(normalizeBreaks(sent), wholeValue(parameters, 'as'));
  return { text, ticked: readAddedIds(parameters).slice(0, LIMITS.maxHandoutArticles) };
}

/** Answers what was typed for the reader of the chart. @throws RequestError `too-many-criteria` */
async function answerTyped(
  { text, ticked }: NonNullable<ReturnType<typeof readTyped>>,
  page: PageContext,
  situation: ChartSituation,
  options: LaunchOptions,
) {
  const { library, terminologySource } = options;
  // A pasted chart may be another patient's: all of it is read as words.
  const packet = toListPacket(await readItems(text, options, page));
  const chart = await answerChart(packet.questions, page.reader, situation, library, terminologySource, giveWay);
  const rows = await buildRows(packet, chart, page, options);
  const named = rows.flatMap(({ card }) => (card?.chosen === true ? card.article.id : []));
  const all = new Set([...ticked, ...named]);
  const html = await renderRows(rows, { ...page, ticked: all });
  /** `ticked`: ids of the articles that were ticked, and of what the entries name. */
  return { text, rows, html, ticked: all as ReadonlySet<string> };
}

interface TypedEntriesProps {
  /** A typed list with its articles, as rows and as HTML. */
  readonly typed: Awaited<ReturnType<typeof answerTyped>> | undefined;
  readonly choices: ChartChoices;
  readonly page: PageContext;
}

/** The box for further words and codes. It belongs to the form of the articles, so that what is ticked is sent with it. */
function AddEntries({ typed, choices, page: { t, basePath, launched = '' } }: TypedEntriesProps) {
  const { includeInactive, includeDeceased, takesUnclear, setting } = choices;
  const send = (isSet: boolean): string => (isSet ? 'true' : '');
  const hidden = {
    inactive: send(includeInactive),
    deceased: send(includeDeceased),
    [UNCLEAR]: send(takesUnclear),
    setting,
  };
  return (
    <div class="packet-form launch-add">
      <label for="list">{t('launch.add')}</label>
      <textarea
        id="list"
        name="list"
        form={BASKET_FORM}
        rows={2}
        spellcheck={false}
        autocomplete="off"
        aria-describedby="list-hint"
      >
        {`\n${typed?.text ?? ''}`}
      </textarea>
      <p class="hint" id="list-hint">
        {t('launch.addHint')}
      </p>
      {Object.entries(hidden).map(([name, value]) =>
        value === '' ? null : <input type="hidden" name={name} value={value} form={BASKET_FORM} />,
      )}
      <button type="submit" class="action" form={BASKET_FORM} formAction={`${basePath}${launched}`}>
        {t('launch.addButton')}
      </button>
    </div>
  );
}

/** What became of the typed entries. */
function TypedEntries({ typed, page }: Pick<TypedEntriesProps, 'typed' | 'page'>) {
  if (!typed || typed.rows.length === 0) return null;
  return (
    <section aria-label={page.t('launch.added')}>
      <RowsView rows={typed.rows} html={typed.html} title={page.t('launch.added')} page={page} />
    </section>
  );
}

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
    // What was typed would be lost on a page in between.
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

/** Shows a clinician the articles for the chart and for typed entries, in the patient's language. */
async function showChart(
  given: SessionRequest,
  { resources, person, missing, handovers }: ChartRead,
): Promise<RouteResponse> {
  const { request, session, options, launched } = given;
  const { now } = request;
  const { library, terminologySource, readResources } = options;
  const choices = readChoices(request.parameters);
  session.person = person;
  const before = await listBefore(given);
  const sending = request.method === 'GET' ? sendOfPatient(given, before) : new Set<string>();
  const { encounterId } = session.granted;
  const read = await readResources(resources, {
    encounter: encounterId === undefined ? undefined : `Encounter/${encounterId}`,
    findSetting: (encounterClass) => findChartSetting(encounterClass, { task: undefined, performer: 'PROV' }),
    includeInactive: choices.includeInactive,
    server: session.ehr.iss,
    now,
  });
  session.languagePreferred = read.patient.foreignLanguage ?? read.patient.language;
  const { includeInactive: inactive, setting, takesUnclear } = choices;
  const query = { inactive: String(inactive), setting, [UNCLEAR]: takesUnclear ? 'true' : '' };
  const plain = createSessionPage(given, launched, { query });
  const packet = toPacket(read, plain.t, library);
  const { language = plain.language, foreignLanguage, isDeceased = false } = read.patient;
  const own = readByPatient(plain, 'PROV', read.patient, options);
  const reader = { ...own.reader, language };
  const situation = situate(choices, packet, plain.language, now, options);
  const questions = chooseQuestions(packet, choices);
  const chart = await answerChart(questions, reader, situation, library, terminologySource, giveWay);
  session.reasons = findReasons(chart);
  const sent = readTyped(request);
  const typed = sent && (await answerTyped(sent, { ...own, reader }, situation, options));
  const givenOn = findGivenDays(given, chart, before, handovers);
  const fresh = chart.articles.flatMap((one) => (isChosen(one) && !givenOn.has(one.article.id) ? one.article.id : []));
  const ticked = typed?.ticked ?? new Set(fresh);
  const page: PageContext = { ...own, ticked, givenOn };
  const stored = { at: now.toISOString(), ids: listStored(chart), ticked: new Set(fresh) };
  session.listed = { ...stored, language, reader: own.reader };
  const pieces = await renderChart({ packet, chart }, page);
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
        <ChoicesForm choices={choices} isDeceased={isDeceased} page={page} />
        <DoneForm page={page} />
      </div>
      <LateSources library={library} now={now} page={page} />
    </div>
  );
  const title = `${page.t('launch.title')}: ${countTicked(ticked.size, page)}`;
  const offer = { reads: foreignLanguage ?? language };
  const stateForm = typed ? { id: BASKET_FORM, action: launched } : undefined;
  const cards = typed && typed.rows.flatMap(({ card }) => card ?? []);
  const facts = describeAnswers(chart.response, cards);
  return pageResponse(page, { title, main, offer, stateForm }, { facts, headers: NO_STORE });
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
