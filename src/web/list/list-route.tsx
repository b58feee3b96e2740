import { listAgeGroups, ageInMonths } from '../../core/answer/age-group.js';
import { RequestError } from '../../core/errors.js';
import { escapeText } from '../../core/escape.js';
import type { RequestContext } from '../../core/answer/knowledge-request.js';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import { LIMITS } from '../../limits.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import {
  firstValue,
  wholeValue,
  type Parameters,
  type Route,
  type RouteRequest,
  type RouteResponse,
} from '../../protocols/route.js';
import { BASKET } from '../parts/basket.js';
import { findFormOrigin } from '../form-origin.js';
import { TechnicalError, formatError, problemTitle } from '../pages/error-page.js';
import { pageRoute, describePage } from '../pages/page-route.js';
import { withNamesakes } from '../parts/namesakes.js';
import { LateSources } from '../parts/late-sources.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { listChartConcerns } from '../leaflet/leaflet-text.js';
import { DEPARTMENT } from '../department.js';
import { createPageContext, readBy, type PageContext, type PageOptions } from '../page-context.js';
import { ChartView, renderChart } from './chart-view.js';
import { AGE_UNITS, LIST_ERROR, LIST_FORM, ListForm, type ListFields } from './list-form.js';
import { buildRows } from './list-rows.js';
import { RowsView, renderRows, summarizeRows } from './list-view.js';
import { chooseQuestions, readChoices, situate } from './chart-choices.js';
import { ChartVisit, countTicked } from './chart-visit.js';
import { CutTexts } from './entry-parts.js';
import { looksLikeChart } from './looks-like-chart.js';
import type { Packet } from './packet.js';
import { formatToken, readPacket } from './read-packet.js';

/** Some proxies reject a longer address. */
const MAX_LINK_CHARS = 4000;
/** A choice holds two entries of a list. */
const MAX_CHOICE_CHARS = 4000;
/** Parameters that an address may hold: a list in one would be in logs on the way here. */
const IN_ADDRESS: ReadonlySet<string> = new Set(['code', 'lang', BASKET, DEPARTMENT]);

/** A list with line breaks of one kind, so that places in it are the same whenever a form sends it again. */
export const normalizeBreaks = (text: string): string => text.replace(/\r\n?/g, '\n');

/**
 * A list with one entry replaced by the reading that was chosen for it (`as`: JSON of the entry's place, its text and the new
 * one). Unchanged where the list no longer has the entry.
 */
export function applyChoice(list: string, sent: string): string {
  if (sent === '' || sent.length > MAX_CHOICE_CHARS) return list;
  try {
    const [from, to, was, now] = JSON.parse(sent) as unknown[];
    if (typeof from !== 'number' || typeof to !== 'number' || typeof was !== 'string' || typeof now !== 'string')
      return list;
    if (!list.slice(from, to).includes(was)) return list;
    return list.slice(0, from) + list.slice(from, to).replace(was, () => now) + list.slice(to);
  } catch {
    return list;
  }
}

function readFields(parameters: Parameters): ListFields {
  const unit = firstValue(parameters, 'ageUnit');
  const codes = parameters.filter(([name]) => name === 'code').map(([, value]) => value);
  const sent = parameters.find(([name, value]) => (name === 'list' || name === 'q') && value.trim() !== '')?.[1];
  const text = sent ?? codes.join('\n');
  return {
    // A list that is too long is rejected as it is.
    list:
      looksLikeChart(text) || text.length > LIMITS.maxListChars
        ? text
        : applyChoice(normalizeBreaks(text), wholeValue(parameters, 'as')),
    age: firstValue(parameters, 'age').slice(0, 10),
    ageUnit: Object.hasOwn(AGE_UNITS, unit) ? unit : 'a',
    sex: firstValue(parameters, 'sex'),
    ...readChoices(parameters),
  };
}

/** Who will read it: the form overrides the chart. A clinician uses the screen. */
function readReader(
  { age, ageUnit, sex }: ListFields,
  { patient }: Packet,
  { reader, t }: PageContext,
): RequestContext {
  const ageGroups = age === '' ? (patient?.ageGroups ?? []) : listAgeGroups(age, ageUnit);
  if (age !== '' && ageGroups.length === 0) {
    throw new RequestError('bad-parameter-value', { parameter: t('packet.age'), expected: t('packet.badAge') });
  }
  const leastAgeMonths = age === '' ? patient?.leastAgeMonths : ageInMonths(age, ageUnit);
  const chosen = sex === 'female' || sex === 'male' ? sex : undefined;
  const foreignLanguage = patient?.language ? undefined : (patient?.foreignLanguage ?? reader.foreignLanguage);
  return { ...reader, performer: 'PROV', ageGroups, leastAgeMonths, sex: chosen ?? patient?.sex, foreignLanguage };
}

/** A list page. */
interface Shown {
  readonly page: PageContext;
  readonly fields: ListFields;
  /** It was posted: its address does not say what it shows. */
  readonly isPosted: boolean;
}

const describePlace = ({ isPosted }: Shown) =>
  ({ place: 'packet', searched: '', scripts: ['list.js'], stateForm: isPosted ? LIST_FORM : undefined }) as const;

/** The form, with what went wrong above it. */
function formResponse(shown: Shown, departments: PageOptions['departments'], error?: RequestError): RouteResponse {
  const { page, fields } = shown;
  const { t } = page;
  const isTooLong = fields.list.length > LIMITS.maxEchoChars;
  const main = (
    <>
      <h1>{t('packet.title')}</h1>
      {error ? (
        <p class="notice notice-problem" id={LIST_ERROR} role="alert">
          {error.code === 'bad-parameter-value' ? t('packet.badAge') : formatError(error, page)}
        </p>
      ) : (
        <p class="lead">{t('packet.lead')}</p>
      )}
      {error ? <TechnicalError error={error} page={page} /> : null}
      {isTooLong ? <p class="notice">{t('packet.notShownAgain')}</p> : null}
      <ListForm
        fields={fields}
        listHtml={isTooLong ? '' : escapeText(fields.list)}
        badAge={error?.code === 'bad-parameter-value'}
        departments={departments}
        page={page}
      />
    </>
  );
  const facts = { outcome: error?.code ?? 'ok' };
  return pageResponse(
    page,
    { title: error ? problemTitle(error, page) : t('packet.title'), main, ...describePlace(shown) },
    { status: error?.status ?? 200, facts, headers: NO_STORE },
  );
}

/** The address that leads to the same packet; undefined where not all of it has a place in one, or it is too long. */
function buildLink({ inputs, items }: Packet, page: PageContext): string | undefined {
  const tokens = inputs.flatMap(({ coding, fault }) => (fault === undefined && coding && formatToken(coding)) || []);
  if (tokens.length === 0 || (items && tokens.length < items.length)) return undefined;
  const link = page.href('/packet', { code: [...new Set(tokens)] });
  return link.length <= MAX_LINK_CHARS ? link : undefined;
}

async function renderList(packet: Packet, chart: ChartResponse, page: PageContext, options: PageOptions) {
  const rows = await buildRows(packet, chart, page, options);
  const shownIds = new Set(chart.response.answers.flatMap(({ matches }) => matches.map(({ article }) => article.id)));
  const cards = rows.flatMap(({ card, others }) => [...(card ? [card] : []), ...others.map((other) => other.card)]);
  const named = withNamesakes(page, cards);
  const html = renderRows(rows, named);
  return {
    outcome: summarizeRows(rows, page),
    body: <RowsView rows={rows} html={html} page={named} />,
    /** Articles that are ticked to begin with. */
    ticked: rows.filter(({ card, sameAs }) => card?.chosen === true && sameAs === undefined).length,
    /** Articles that words alone found. */
    byWords: cards.filter(({ article }) => !shownIds.has(article.id)),
    hasArticles: cards.length > 0,
  };
}

function renderFacts(packet: Packet, chart: ChartResponse, page: PageContext): Awaited<ReturnType<typeof renderList>> {
  const pieces = renderChart({ packet, chart }, page);
  const ticked = chart.articles.filter(isChosen).length;
  return {
    outcome: countTicked(ticked, page),
    body: <ChartView packet={packet} chart={chart} pieces={pieces} form={LIST_FORM.id} page={page} />,
    ticked,
    byWords: [],
    hasArticles: chart.articles.length > 0,
  };
}

/** A packet as a page; what was pasted comes back in its form alone, and is stored nowhere. */
async function packetResponse(shown: Shown, packet: Packet, now: Date, options: PageOptions): Promise<RouteResponse> {
  const { fields } = shown;
  const { t } = shown.page;
  const { library, terminologySource } = options;
  const page = readBy(shown.page, readReader(fields, packet, shown.page), library);
  const situation = situate(fields, packet, shown.page, now, options);
  const questions = chooseQuestions(packet, fields);
  const chart = await answerChart(questions, page.reader, situation, library, terminologySource);
  const { outcome, body, ticked, byWords, hasArticles } = packet.items
    ? await renderList(packet, chart, page, options)
    : renderFacts(packet, chart, page);
  const title = t(packet.items ? 'packet.listTitle' : 'packet.chartTitle');
  const link = buildLink(packet, page);
  const main = (
    <>
      <h1>{title}</h1>
      {packet.items ? (
        <p class="lead" role="status">
          <strong>{outcome}</strong> {t('packet.ticked', { count: ticked })}
        </p>
      ) : (
        <ChartVisit {...{ chart, packet, situation, ticked, page }} form={LIST_FORM.id} />
      )}
      <CutTexts questions={packet.questions} page={page} />
      <div class="extras">
        <details class="more">
          <summary>{t('packet.change')}</summary>
          <ListForm
            fields={fields}
            listHtml={escapeText(fields.list)}
            isDeceased={packet.patient?.isDeceased}
            departments={options.departments}
            page={page}
          />
        </details>
        {link === undefined ? null : <a href={link}>{t('packet.link')}</a>}
      </div>
      {body}
      <LateSources library={library} now={now} page={page} />
    </>
  );
  const offer = hasArticles ? { offer: { reads: packet.patient?.language, concerns: listChartConcerns(chart) } } : {};
  const document = { title: `${title}: ${outcome}`, main, ...describePlace(shown), ...offer };
  return pageResponse(page, document, { facts: describeAnswers(chart.response, byWords), headers: NO_STORE });
}

/**
 * Answers a list or a chart as a page; an error is shown above its form. @throws RequestError `foreign-form`
 * @param isSearch it was typed into the search box and is a list: the address is that of a search
 */
export async function listResponse(
  options: PageOptions,
  request: RouteRequest,
  { isSearch = false }: { readonly isSearch?: boolean } = {},
): Promise<RouteResponse> {
  const { parameters, now, method, ...visit } = request;
  // A search box in a frame without an origin of its own posts like another site: it may search, since the page shows nothing that it sent.
  const isForeign = method === 'POST' && findFormOrigin(request) === 'foreign';
  const codes = parameters.filter(([name]) => name === 'code').map(([, value]) => value);
  const page = createPageContext(options, { ...visit, parameters }, { path: '/packet', query: { code: codes } });
  const fields = readFields(parameters);
  const shown = { page, fields, isPosted: method === 'POST' || isSearch };
  if (fields.list === '') {
    const isEmptySearch = parameters.some(([name]) => name === 'q') && parameters.every(([name]) => name !== 'list');
    return isEmptySearch ? redirect(page.href('/')) : formResponse(shown, options.departments);
  }
  try {
    const packet = await readPacket(fields.list, { includeInactive: fields.includeInactive, now }, options, page);
    const query = firstValue(parameters, 'q');
    const isOne = !isSearch && query !== '' && packet.items?.length === 1 && query.length <= LIMITS.maxQueryChars;
    if (isOne) return redirect(page.href('/find', { q: query }));
    if (isForeign) throw new RequestError('foreign-form');
    return await packetResponse(shown, packet, now, options);
  } catch (error) {
    if (isForeign || !(error instanceof RequestError) || error.status >= 500) throw error;
    return formResponse(shown, options.departments, error);
  }
}

/** `/packet`: a list or a chart (posted), or codes in the address (`code=icd-10-cm|E11.9`). */
export function listRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/packet',
    get: (request) =>
      listResponse(options, { ...request, parameters: request.parameters.filter(([name]) => IN_ADDRESS.has(name)) }),
    post: (request) => listResponse(options, request),
    maxFormBytes: LIMITS.maxPacketBytes,
    isHeavy: ({ method, query }) => method === 'POST' || query.length > LIMITS.lightQueryChars,
    document: describePage('packet'),
  });
}
