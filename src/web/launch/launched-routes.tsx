import { textIn } from '../../core/model/article.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import type { ChartSituation } from '../../core/charts/chart-settings.js';
import { findChartSetting } from '../../core/charts/chart-settings.js';
import { RequestError } from '../../core/errors.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import type { RequestContext } from '../../core/answer/knowledge-request.js';
import type { Language } from '../../core/model/language.js';
import { languagesFrom } from '../../core/model/language.js';
import { describeAnswers, giveArticle } from '../../protocols/answer-facts.js';
import type { Handler, Route, RouteRequest, RouteResponse } from '../../protocols/route.js';
import { giveWay } from '../../turns.js';
import { createErrorRenderer } from '../pages/error-page.js';
import { sendHandoutPdf, showHandout } from '../handout/handout-route.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { outcomeOfChart, renderChart } from '../list/chart-view.js';
import type { ChartChoices } from '../list/chart-choices.js';
import { FORM_SETTINGS } from '../list/chart-choices.js';
import type { Packet } from '../list/packet.js';
import { toPacket } from '../list/read-packet.js';
import type { PageContext } from '../page-context.js';
import { firstValue, readBy } from '../page-context.js';
import type { PatientArticle } from '../pages/patient-page.js';
import { patientResponse } from '../pages/patient-page.js';
import { DoneForm, PatientBanner } from './banner.js';
import { GivenForm } from './given-form.js';
import { LAUNCHED_PATH, sessionCookie } from './cookies.js';
import { describeLaunched } from './describe-launch.js';
import type { LaunchOptions } from './launch-options.js';
import { ListView } from './list-page.js';
import { readChart, readPatient } from './read-chart.js';
import { findClinician, findSession } from './session-request.js';
import { pageOfSession } from './session-page.js';
import type { SessionRequest } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import { withFailures } from './start-routes.js';

/** Entries of the record that a page shows. */
const MOST_BEFORE = 20;

function readChoices({ parameters }: RouteRequest): ChartChoices {
  return {
    includeInactive: firstValue(parameters, 'inactive') === 'true',
    setting: firstValue(parameters, 'setting'),
    includeDeceased: firstValue(parameters, 'deceased') === 'true',
  };
}

function situate(
  choices: ChartChoices,
  { patient, setting }: Packet,
  language: Language,
  now: Date,
  { maxArticles: perQuestion, handout, chartThresholds: thresholds }: LaunchOptions,
): ChartSituation {
  const { foreignLanguage, isDeceased = false } = patient ?? {};
  return {
    now: now.getTime(),
    setting: FORM_SETTINGS.find((one) => one === choices.setting) ?? setting,
    thresholds,
    perQuestion,
    isDeceased: isDeceased && !choices.includeDeceased,
    sheet: { room: handout.limits.maxArticles, readIn: foreignLanguage === undefined ? language : 'other' },
  };
}

/** What this patient was given before, the newest first. */
const listBefore = ({ ehr, granted }: LaunchSession, { record }: LaunchOptions) =>
  record ? record.list({ patient: { ehr: ehr.iss, id: granted.patientId } }, MOST_BEFORE) : [];

/** The same for a list, which does without where the database is away. */
async function listBeforeIfThere(session: LaunchSession, options: LaunchOptions): Promise<readonly RecordedEntry[]> {
  try {
    return await listBefore(session, options);
  } catch (error) {
    if (error instanceof RequestError && error.code === 'library-unavailable') return [];
    throw error;
  }
}

/** The list that a clinician sees: the chart's articles, in the patient's language. */
async function showList(request: RouteRequest, of: SessionRequest, options: LaunchOptions): Promise<RouteResponse> {
  const { now, inFlight } = request;
  const { session } = of;
  const { library, elsewhere, client, readResources } = options;
  const choices = readChoices(request);
  const { resources, person, missing } = await readChart(session, client, inFlight, now);
  session.person = person;
  const before = await listBeforeIfThere(session, options);
  const { encounterId } = session.granted;
  const read = await readResources(resources, {
    encounter: encounterId === undefined ? undefined : `Encounter/${encounterId}`,
    findSetting: (encounterClass) => findChartSetting(encounterClass, { task: undefined, performer: 'PROV' }),
    includeInactive: choices.includeInactive,
    now,
  });
  session.languagePreferred = read.patient.foreignLanguage ?? read.patient.language;
  const query = { inactive: String(choices.includeInactive), setting: choices.setting };
  const plain = pageOfSession(request, of, options, of.launched, { query });
  const packet = toPacket(read, plain.t, library);
  const { ageGroups, leastAgeMonths, sex, language = plain.language, foreignLanguage } = read.patient;
  const reader: RequestContext = {
    ...plain.reader,
    performer: 'PROV',
    ageGroups,
    leastAgeMonths,
    sex,
    foreignLanguage,
  };
  const page = readBy(plain, reader, library);
  const situation = situate(choices, packet, language, now, options);
  const chart = await answerChart(
    packet.questions,
    { ...page.reader, language },
    situation,
    library,
    elsewhere,
    giveWay,
  );
  const pieces = await renderChart({ packet, chart }, page);
  const main = <ListView {...{ session, packet, chart, pieces, missing, choices, before, page }} />;
  const title = `${page.t('launch.title')}: ${outcomeOfChart(pieces, chart, page)}`;
  const offer = { reads: foreignLanguage ?? language };
  return pageResponse(page, { title, main, offer }, { facts: describeAnswers(chart.response), headers: NO_STORE });
}

/** An adult's own marked articles are the adult's; a minor's, and those that somebody else reads, are a clinician's to show. */
const ADULT_MONTHS = 216;

/** What a clinician has given this patient, where it is still offered and the site lets this reader see it. */
async function findReleased(
  session: LaunchSession,
  page: PageContext,
  options: LaunchOptions,
): Promise<PatientArticle[]> {
  const { reader, language, isGiven } = page;
  const isOwn = session.role === 'patient' && (reader.leastAgeMonths ?? 0) >= ADULT_MONTHS;
  const items = (await listBefore(session, options)).flatMap(({ entry, error }) => (error ? [] : entry.items));
  const seen = items.filter(({ sensitivity }) => isOwn || sensitivity === undefined);
  const articles = options.library.findArticles([...new Set(seen.map(({ article }) => article))]);
  return articles.flatMap((article) => {
    const text = textIn(article, languagesFrom(language));
    const isMarked = article.sensitivity !== undefined && !isOwn;
    return text && !isMarked && isGiven({ article, sensitivity: article.sensitivity }) ? [{ article, text }] : [];
  });
}

/** What a patient, or somebody who acts for one, sees: what a clinician released, and no chart. */
async function showToPatient(
  request: RouteRequest,
  of: SessionRequest,
  options: LaunchOptions,
): Promise<RouteResponse> {
  const { now, inFlight, parameters } = request;
  const { patient, person } = await readPatient(of.session, options.client, inFlight);
  of.session.person = person;
  const reading = { encounter: undefined, findSetting: () => 'portal' as const, includeInactive: false, now };
  const { patient: known } = await options.readResources([patient], reading);
  const language = firstValue(parameters, 'lang') === '' ? known.language : undefined;
  const plain = pageOfSession(request, of, options, of.launched, { language });
  const { ageGroups, leastAgeMonths, sex, foreignLanguage } = known;
  const reader: RequestContext = { ...plain.reader, performer: 'PAT', ageGroups, leastAgeMonths, sex, foreignLanguage };
  const page = readBy(plain, reader, options.library);
  const released = await findReleased(of.session, page, options);
  const audit = { articles: released.map(({ article, text }) => giveArticle(article, text)) };
  const facts = { outcome: released.length > 0 ? 'answered' : 'empty', audit };
  const { session } = of;
  const before = session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null;
  const around = { before, after: <DoneForm page={page} /> };
  return patientResponse(page, released, { facts, headers: NO_STORE }, around);
}

function listHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const of = findSession(request, options);
    return of.session.role === 'clinician' ? showList(request, of, options) : showToPatient(request, of, options);
  };
}

function handoutHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const { session, launched } = findClinician(request, options);
    session.person ??= (await readPatient(session, options.client, request.inFlight)).person;
    const page = pageOfSession(request, { session, launched }, options);
    const before = <PatientBanner session={session} page={page} />;
    return showHandout(request, options.handout, {
      launched,
      before,
      after: ({ chosen }) => (options.record ? <GivenForm session={session} chosen={chosen} page={page} /> : null),
    });
  };
}

function pdfHandler(options: LaunchOptions): Handler {
  return async (request) => {
    findClinician(request, options);
    return sendHandoutPdf(request, options.handout);
  };
}

/** Ends the session: its token is gone, and its address answers no more. */
function doneHandler(options: LaunchOptions): Handler {
  return async (request) => {
    const of = findSession(request, options);
    const { session } = of;
    options.sessions.end(session.id);
    const { launched: _gone, ...page } = pageOfSession(request, of, options);
    const main = (
      <>
        <h1>{page.t('launch.ended')}</h1>
        <p>{page.t('launch.endedHint')}</p>
      </>
    );
    const document = { title: page.t('launch.ended'), main, isForPatient: true };
    const headers = { ...NO_STORE, 'Set-Cookie': sessionCookie.clear(session.id, request) };
    return pageResponse(page, document, { facts: { outcome: 'ok' }, headers });
  };
}

const CHOICES = [
  { name: 'inactive', description: 'true: problems that are over are asked about too.' },
  { name: 'setting', description: 'ambulatory, emergency or discharge; empty: as the chart says.' },
  { name: 'deceased', description: 'true: pages are wanted though the patient has died.' },
];
const ARTICLES = [{ name: 'article', description: 'Id of an article; repeated.' }];
const PDF = { 'application/pdf': { schema: { type: 'string', format: 'binary' } } } as const;

/** The addresses of a session. */
export function launchedRoutes(options: LaunchOptions): Route[] {
  const root = `${LAUNCHED_PATH}/:session`;
  const renderError = createErrorRenderer(options);
  const common = { protocol: 'launched', headerKind: 'page', renderError } as const;
  const safe = (handle: Handler): Handler => withFailures(options, LAUNCHED_PATH, handle);
  const show = safe(handoutHandler(options));
  const print = safe(pdfHandler(options));
  const chart = ['too-many-resources', 'too-many-criteria', 'bad-resource'] as const;
  const paper = ['missing-parameter', 'query-too-long', 'unprintable', 'too-costly', 'overloaded'] as const;
  const handout = { fields: ARTICLES, errors: paper };
  return [
    {
      ...common,
      path: root,
      get: safe(listHandler(options)),
      document: describeLaunched(
        { path: '', summary: "The chart's articles", fields: CHOICES, errors: [...chart, 'overloaded'] },
        'GET',
      ),
    },
    {
      ...common,
      path: `${root}/handout`,
      get: show,
      post: show,
      document: describeLaunched(
        { path: '/handout', summary: 'The patient handout of a launch', ...handout },
        'GET',
        'POST',
      ),
    },
    {
      ...common,
      path: `${root}/handout.pdf`,
      headerKind: 'document',
      post: print,
      document: describeLaunched(
        {
          path: '/handout.pdf',
          summary: 'The same as a tagged PDF',
          success: { status: 200, content: PDF },
          ...handout,
        },
        'POST',
      ),
    },
    {
      ...common,
      path: `${root}/done`,
      post: safe(doneHandler(options)),
      document: describeLaunched({ path: '/done', summary: 'Ends the session', fields: [] }, 'POST'),
    },
  ];
}
