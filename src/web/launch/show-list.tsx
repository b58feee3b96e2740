import type { RequestContext, RequestCoding } from '../../core/answer/knowledge-request.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import { findChartSetting } from '../../core/charts/chart-settings.js';
import { RequestError } from '../../core/errors.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import type { RouteRequest, RouteResponse } from '../../protocols/route.js';
import { giveWay } from '../../turns.js';
import { ChartChoiceFields, readChoices, situate, type ChartChoices } from '../list/chart-choices.js';
import { ChartView, outcomeOfChart, renderChart, type ChartPieces } from '../list/chart-view.js';
import type { Packet } from '../list/packet.js';
import { toPacket } from '../list/read-packet.js';
import { readBy, type PageContext } from '../page-context.js';
import { BASKET_FORM } from '../parts/basket.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { GivenBefore } from './given-page.js';
import type { LaunchOptions } from './launch-options.js';
import { readChart, type ChartPart } from './read-chart.js';
import { createSessionPage, type SessionRequest } from './session-request.js';
import type { LaunchSession } from './sessions.js';
import { AddEntries, TypedEntries, answerTyped, readTyped, type AnsweredEntries } from './typed-entries.js';

/** Maximum earlier handovers on a page. */
const MOST_BEFORE = 20;

/** Lists this patient's entries, the newest first. */
export const listRecorded = (
  { ehr, granted }: LaunchSession,
  { record }: LaunchOptions,
  most: number,
): Promise<readonly RecordedEntry[]> | readonly RecordedEntry[] =>
  record ? record.list({ patient: { ehr: ehr.iss, id: granted.patientId } }, most) : [];

/** The same for the list, which is shown without them if the database is unavailable. */
async function listRecordedIfAvailable(
  session: LaunchSession,
  options: LaunchOptions,
): Promise<readonly RecordedEntry[]> {
  try {
    return await listRecorded(session, options, MOST_BEFORE);
  } catch (error) {
    if (error instanceof RequestError && error.code === 'library-unavailable') return [];
    throw error;
  }
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

/** Shows a clinician the articles for the chart and for typed entries, in the patient's language. */
export async function showList(
  request: RouteRequest,
  sessionRequest: SessionRequest,
  options: LaunchOptions,
): Promise<RouteResponse> {
  const { now, inFlight } = request;
  const { session } = sessionRequest;
  const { library, terminologySource, client, readResources } = options;
  const choices = readChoices(request.parameters);
  const { resources, person, missing } = await readChart(session, client, inFlight, now);
  session.person = person;
  const before = await listRecordedIfAvailable(session, options);
  const { encounterId } = session.granted;
  const read = await readResources(resources, {
    encounter: encounterId === undefined ? undefined : `Encounter/${encounterId}`,
    findSetting: (encounterClass) => findChartSetting(encounterClass, { task: undefined, performer: 'PROV' }),
    includeInactive: choices.includeInactive,
    now,
  });
  session.languagePreferred = read.patient.foreignLanguage ?? read.patient.language;
  const query = { inactive: String(choices.includeInactive), setting: choices.setting };
  const plain = createSessionPage(request, sessionRequest, options, sessionRequest.launched, { query });
  const packet = toPacket(read, plain.t, library);
  const { ageGroups, leastAgeMonths, sex, language = plain.language, foreignLanguage } = read.patient;
  const known: RequestContext = { ...plain.reader, performer: 'PROV', ageGroups, leastAgeMonths, sex, foreignLanguage };
  const own = readBy(plain, known, library);
  const reader = { ...own.reader, language };
  const situation = situate(choices, packet, plain.language, now, options);
  const chart = await answerChart(packet.questions, reader, situation, library, terminologySource, giveWay);
  session.reasons = findReasons(chart);
  const sent = readTyped(request);
  const typed = sent && (await answerTyped(sent, { ...own, reader }, situation, options));
  const page: PageContext = typed ? { ...own, ticked: typed.ticked } : own;
  const pieces = await renderChart({ packet, chart }, page);
  const main = <ListView {...{ session, packet, chart, pieces, missing, choices, before, typed, page }} />;
  const title = `${page.t('launch.title')}: ${outcomeOfChart(pieces, chart, page)}`;
  const offer = { reads: foreignLanguage ?? language };
  const stateForm = typed ? { id: BASKET_FORM, action: sessionRequest.launched } : undefined;
  const facts = describeAnswers(
    chart.response,
    typed?.rows.flatMap(({ card }) => card ?? []),
  );
  return pageResponse(page, { title, main, offer, stateForm }, { facts, headers: NO_STORE });
}

interface ListViewProps {
  readonly session: LaunchSession;
  readonly packet: Packet;
  readonly chart: ChartResponse;
  readonly pieces: ChartPieces;
  readonly missing: readonly ChartPart[];
  readonly choices: ChartChoices;
  /** Earlier handovers. */
  readonly before: readonly RecordedEntry[];
  readonly typed: AnsweredEntries | undefined;
  readonly page: PageContext;
}

/** A form to read the chart with other choices; its address has nothing of the patient. */
function ChoicesForm({ choices, packet, page }: Pick<ListViewProps, 'choices' | 'packet' | 'page'>) {
  const { t, basePath, launched = '', language } = page;
  return (
    <details class="more">
      <summary>{t('launch.change')}</summary>
      <form class="packet-form" action={`${basePath}${launched}`} method="get">
        <input type="hidden" name="lang" value={language} />
        <ChartChoiceFields {...choices} isDeceased={packet.patient?.isDeceased === true} t={t} />
        <button type="submit">{t('launch.readAgain')}</button>
      </form>
    </details>
  );
}

/** The list of a launch. */
function ListView(props: ListViewProps) {
  const { session, packet, chart, pieces, missing, before, typed, page } = props;
  const { t } = page;
  return (
    <>
      <h1>{t('launch.title')}</h1>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
      <p class="lead" role="status">
        <strong>{outcomeOfChart(pieces, chart, page)}</strong>{' '}
        {t('packet.ticked', { count: typed?.ticked.size ?? chart.articles.filter(isChosen).length })}
      </p>
      {missing.length === 0 ? null : (
        <p class="notice notice-problem">
          {t('launch.missing', { parts: missing.map((part) => t(`launch.parts.${part}`)).join(', ') })}
        </p>
      )}
      <div class="extras">
        <ChoicesForm {...props} />
        <DoneForm page={page} />
      </div>
      <AddEntries {...props} />
      <TypedEntries typed={typed} page={page} />
      <ChartView packet={packet} chart={chart} pieces={pieces} page={page} />
      <GivenBefore entries={before} session={session} page={page} />
    </>
  );
}
