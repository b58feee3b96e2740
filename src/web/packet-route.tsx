import { ageGroupsOf, ageInMonths } from '../core/age-group.js';
import { answerChart } from '../core/charts/answer-chart.js';
import type { ChartSituation, ChartThresholds } from '../core/charts/chart-settings.js';
import { RequestError } from '../core/errors.js';
import type { RequestContext } from '../core/knowledge-request.js';
import { describeAnswers } from '../protocols/answer-facts.js';
import { giveWay } from '../turns.js';
import type { Parameters, Route, RouteRequest, RouteResponse } from '../protocols/route.js';
import { BASKET } from './basket.js';
import { PACKET } from './describe-forms.js';
import { createErrorRenderer, problemTitle } from './error-page.js';
import { NO_STORE, pageResponse } from './layout.js';
import type { PacketFields } from './packet-page.js';
import {
  AGE_UNITS,
  PACKET_ERROR,
  PACKET_FORM,
  PacketForm,
  PacketView,
  FORM_SETTINGS,
  outcomeOf,
} from './packet-page.js';
import { renderPieces } from './packet-results.js';
import type { Packet, PacketOptions } from './packet-reader.js';
import { readPacket } from './packet-reader.js';
import { findByWordsOf } from './packet-words.js';
import type { PageContext, PageOptions } from './page-context.js';
import { createPageContext, firstValue, readBy } from './page-context.js';

export interface PacketRouteOptions extends PageOptions, PacketOptions {
  /** Bytes of the form. */
  readonly maxPacketBytes: number;
  /** The most articles that are ticked to begin with. */
  readonly maxHandoutArticles: number;
  readonly chartThresholds: ChartThresholds;
}

/** What an address may hold: a list in one would be in logs on the way here. */
const IN_ADDRESS: ReadonlySet<string> = new Set(['code', 'lang', BASKET]);

function readFields(parameters: Parameters): PacketFields {
  const unit = firstValue(parameters, 'ageUnit');
  const codes = parameters.filter(([name]) => name === 'code').map(([, value]) => value);
  return {
    list: firstValue(parameters, 'list') || codes.join('\n'),
    age: firstValue(parameters, 'age').slice(0, 10),
    ageUnit: Object.hasOwn(AGE_UNITS, unit) ? unit : 'a',
    sex: firstValue(parameters, 'sex'),
    includeInactive: firstValue(parameters, 'inactive') === 'true',
    setting: firstValue(parameters, 'setting'),
    includeDeceased: firstValue(parameters, 'deceased') === 'true',
  };
}

/** Who will read it: what the form says goes before what the chart says. A clinician works the screen. */
function readerOf(
  { age, ageUnit, sex }: PacketFields,
  { patient }: Packet,
  { reader, t }: PageContext,
): RequestContext {
  const ageGroups = age === '' ? (patient?.ageGroups ?? []) : ageGroupsOf(age, ageUnit);
  if (age !== '' && ageGroups.length === 0) {
    throw new RequestError('bad-parameter-value', { parameter: t('packet.age'), expected: t('packet.badAge') });
  }
  const leastAgeMonths = age === '' ? patient?.leastAgeMonths : ageInMonths(age, ageUnit);
  const chosen = sex === 'female' || sex === 'male' ? sex : undefined;
  const foreignLanguage = patient?.language ? undefined : (patient?.foreignLanguage ?? reader.foreignLanguage);
  return { ...reader, performer: 'PROV', ageGroups, leastAgeMonths, sex: chosen ?? patient?.sex, foreignLanguage };
}

/** A page of a packet. */
interface Shown {
  readonly page: PageContext;
  readonly fields: PacketFields;
  /** It was posted: its address does not say what it shows. */
  readonly isPosted: boolean;
}

const standing = ({ isPosted }: Shown) =>
  ({ place: 'packet', searched: '', stateForm: isPosted ? PACKET_FORM : undefined }) as const;

/** The form, with what went wrong above it. */
function formResponse(shown: Shown, error?: RequestError): RouteResponse {
  const { page, fields } = shown;
  const { t } = page;
  const main = (
    <>
      <h1>{t('packet.title')}</h1>
      {error ? (
        <p class="notice notice-problem" id={PACKET_ERROR} role="alert">
          {t(`errors.${error.code}`, error.values)}
        </p>
      ) : (
        <p class="lead">{t('packet.lead')}</p>
      )}
      <PacketForm fields={fields} badAge={error?.code === 'bad-parameter-value'} page={page} />
    </>
  );
  const facts = { outcome: error?.code ?? 'ok' };
  return pageResponse(
    page,
    { title: error ? problemTitle(error, page) : t('packet.title'), main, ...standing(shown) },
    { status: error?.status ?? 200, facts, headers: NO_STORE },
  );
}

/** In which situation a packet is made: what the form says goes before what the chart says. */
function situate(
  { fields, page }: Shown,
  { patient, setting }: Packet,
  now: Date,
  { maxArticles, maxHandoutArticles: room, chartThresholds }: PacketRouteOptions,
): ChartSituation {
  const { language = page.language, foreignLanguage, isDeceased = false } = patient ?? {};
  return {
    now: now.getTime(),
    setting: FORM_SETTINGS.find((one) => one === fields.setting) ?? setting,
    thresholds: chartThresholds,
    perQuestion: maxArticles,
    isDeceased: isDeceased && !fields.includeDeceased,
    // A list says nothing of who reads it: its articles are offered as they are.
    sheet: patient === undefined ? { room } : { room, readIn: foreignLanguage === undefined ? language : 'other' },
  };
}

/** A packet as a page; what was pasted comes back in its form alone, and is kept nowhere. */
async function packetResponse(shown: Shown, now: Date, options: PacketRouteOptions): Promise<RouteResponse> {
  const { fields } = shown;
  const { t } = shown.page;
  const packet = await readPacket(fields.list, { includeInactive: fields.includeInactive, now }, options, t);
  const { library, elsewhere } = options;
  const page = readBy(shown.page, readerOf(fields, packet, shown.page), library);
  const situation = situate(shown, packet, now, options);
  const chart = await answerChart(packet.questions, page.reader, situation, library, elsewhere, giveWay);
  const byWords = await findByWordsOf(packet, chart, page, options);
  const found = { packet, chart, byWords };
  const pieces = await renderPieces(found, page);
  const main = (
    <>
      <h1>{t('packet.title')}</h1>
      <PacketView {...found} pieces={pieces} fields={fields} page={page} />
    </>
  );
  const facts = describeAnswers(
    chart.response,
    byWords.found.map(({ hit }) => hit),
  );
  const title = `${t('packet.title')}: ${outcomeOf(packet, chart, page)}`;
  const offer = chart.articles.length + byWords.found.length > 0 ? { reads: packet.patient?.language } : undefined;
  const document = { title, main, ...standing(shown), ...(offer ? { offer } : {}) };
  return pageResponse(page, document, { facts, headers: NO_STORE });
}

/** `/packet`: a pasted problem list or chart (posted), or codes in the address (`code=icd-10-cm|E11.9`), as one packet. */
export function packetRoute(options: PacketRouteOptions): Route {
  const handle = async (request: RouteRequest): Promise<RouteResponse> => {
    const { parameters, now, method } = request;
    const codes = parameters.filter(([name]) => name === 'code').map(([, value]) => value);
    const page = createPageContext(options, request, { path: '/packet', query: { code: codes } });
    const fields = readFields(parameters);
    const shown = { page, fields, isPosted: method === 'POST' };
    if (fields.list === '') return formResponse(shown);
    try {
      return await packetResponse(shown, now, options);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status >= 500) throw error;
      return formResponse(shown, error);
    }
  };
  return {
    path: '/packet',
    protocol: 'page',
    headerKind: 'page',
    get: (request) => handle({ ...request, parameters: request.parameters.filter(([name]) => IN_ADDRESS.has(name)) }),
    post: handle,
    maxFormBytes: options.maxPacketBytes,
    renderError: createErrorRenderer(options),
    document: PACKET,
  };
}
