import type { VNode } from 'preact';
import { dayInZone } from '../../core/time-in-zone.js';
import { NO_FOLLOW_UP } from '../../core/handing-over/follow-up.js';
import { RequestError } from '../../core/errors.js';
import { findForeignLanguage } from '../../core/model/language-links.js';
import { textIn } from '../../core/model/article.js';
import { chooseLanguages, type Language } from '../../core/model/language.js';
import { LIMITS } from '../../limits.js';
import { toShownArticle } from '../../protocols/answer-facts.js';
import {
  firstValue,
  wholeValue,
  type Handler,
  type Parameters,
  type Route,
  type RouteRequest,
  type RouteResponse,
} from '../../protocols/route.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { findShown } from '../find-shown.js';
import { readConcerns } from '../leaflet/write-leaflet.js';
import { BASKET, readAddedIds } from '../parts/basket.js';
import { pageRoute, describePage } from '../pages/page-route.js';
import {
  FILE_PATH,
  HANDOUT_PATH,
  PDF_PATH,
  writeHandout,
  type PaperChoices,
  type RequestedHandout,
} from './handout-content.js';
import { renderHandoutFile } from './handout-paper.js';
import { readFollowUp } from './follow-up-form.js';
import { handoutForm } from './handout-form.js';
import { HandoutView } from './handout-page.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import { choosePageDepartment } from '../department.js';
import { type PageOptions, type Visit, createPageContext, choosePageLanguage } from '../page-context.js';

/** Ids in the order in which they were sent, each once; one of them moved by a place if a button was pressed (`up topic-acne`). */
function readIds(parameters: Parameters): string[] {
  const ids = readAddedIds(parameters);
  const [direction, moved = ''] = firstValue(parameters, 'move').split(' ');
  const from = ids.indexOf(moved);
  const to = direction === 'up' ? from - 1 : from + 1;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  return ids.with(from, ids[to] ?? '').with(to, moved);
}

/** The form's choices for the paper; if it was not sent, those of a usual handout. */
function readChoices({ parameters, method }: RouteRequest): PaperChoices {
  const isSet = firstValue(parameters, 'set') === 'true';
  const isOn = (name: string): boolean => firstValue(parameters, name) === 'true';
  // A note is posted, printed and never stored: none is read from an address, which logs contain.
  const note = method === 'POST' ? wholeValue(parameters, 'note').replaceAll('\r\n', '\n') : '';
  const most = LIMITS.maxNoteChars;
  if (note.length > most) throw new RequestError('query-too-long', { most });
  return {
    note,
    followUp: method === 'POST' ? readFollowUp(parameters) : NO_FOLLOW_UP,
    isLarge: isOn('large'),
    hasLabel: !isSet || isOn('label'),
    hasLabels: isOn('labels'),
    hasTeachBack: !isSet || isOn('teachBack'),
    // As the note: an address names nothing of the patient.
    concerns: method === 'POST' ? readConcerns(parameters) : [],
    hasWhole: isOn('whole'),
  };
}

/** A request for a handout; in a launch with the ward or clinic of its encounter. */
type HandoutRequest = RouteRequest & Pick<Visit, 'department'>;

/** Parts around a handout if an EHR launched us. */
export interface AroundHandout {
  /** Path of the session. */
  readonly launched: string;
  /** The patient of the chart. */
  readonly before: VNode | null;
  /** The form for recording that the patient has it. */
  readonly after: (requested: RequestedHandout) => VNode | null;
}

/** The articles of a bilingual handout: each in the first language, then in the second if it has a text in it. */
const pairLanguages = (shown: readonly ShownArticle[], second: Language): ShownArticle[] =>
  shown.flatMap((one) => {
    const text = textIn(one.article, [second]);
    return text && text.language !== one.text.language ? [one, { ...one, text }] : [one];
  });

/** Reads a request for a handout, and writes the handout. @throws RequestError `query-too-long` */
export async function readHandout(
  request: HandoutRequest,
  options: PageOptions,
  launched?: string,
): Promise<RequestedHandout> {
  const { library, timeZone } = options;
  const { parameters, now } = request;
  const reads = firstValue(parameters, 'language') || firstValue(parameters, 'lang');
  const { department } = choosePageDepartment(options.departments, request);
  const usual = (reads === '' ? department?.language : undefined) ?? choosePageLanguage(request, options);
  const [language = usual, second] = chooseLanguages(reads);
  const foreignLanguage = findForeignLanguage(reads);
  const handoutLanguage = foreignLanguage ?? [language, second].filter(Boolean).join(',');
  const ids = readIds(parameters);
  const usedIds = ids.slice(0, LIMITS.maxHandoutArticles);
  const choices = readChoices(request);
  const place = {
    path: `${launched ?? ''}${HANDOUT_PATH}`,
    query: { article: usedIds, language: handoutLanguage, [BASKET]: [] },
    basket: usedIds,
  };
  const page = { ...createPageContext(options, request, place), launched };
  const createPaper = (one: Language) => createPageContext(options, request, { ...place, foreignLanguage }, one);
  const paper = createPaper(language);
  const shown = findShown(usedIds, language, library);
  const chosen = second === undefined ? shown : pairLanguages(shown, second);
  const printedOn = dayInZone(now, timeZone);
  const papers = second === undefined ? ([paper] as const) : ([paper, createPaper(second)] as const);
  const content = await writeHandout(chosen, choices, printedOn, options, papers);
  const audit = { articles: chosen.map((one) => toShownArticle(one.article, one.text)) };
  return {
    ...content,
    chosen,
    choices,
    printedOn,
    usedIds,
    handoutLanguage,
    isCut: ids.length > usedIds.length,
    page,
    paper,
    facts: { outcome: 'ok', audit },
  };
}

/** Shows a handout as a page. @param around undefined: no EHR launched us */
export async function showHandout(
  request: HandoutRequest,
  options: PageOptions,
  around?: AroundHandout,
): Promise<RouteResponse> {
  const read = await readHandout(request, options, around?.launched);
  const { page, paper, facts, chosen, handout } = read;
  const { now, inFlight } = request;
  const preview =
    chosen.length > 0
      ? await options.printer.preview(handout, { now, inFlight, logo: page.department?.logo })
      : undefined;
  const main = (
    <>
      {around?.before ?? null}
      <HandoutView shown={{ ...read, preview }} after={chosen.length > 0 ? around?.after(read) : null} />
    </>
  );
  // A browser prints the title above the paper: it is the paper's.
  const title = chosen.length > 0 ? paper.t('handout.heading') : page.t('handout.title');
  const stateForm = chosen.length > 0 ? handoutForm(page) : undefined;
  const document = { title, main, searched: '', scripts: ['handout.js'], stateForm, offer: 'none' } as const;
  return pageResponse(page, document, { facts, headers: NO_STORE });
}

/** Answers with a handout as a tagged PDF. @throws RequestError `missing-parameter`, and what printing throws */
export async function sendHandoutPdf(
  request: HandoutRequest,
  options: PageOptions,
  disposition: 'inline' | 'attachment' = 'inline',
): Promise<RouteResponse> {
  const { handout, chosen, paper, facts } = await readHandout(request, options);
  if (chosen.length === 0) throw new RequestError('missing-parameter', { parameter: 'article' });
  const { language } = paper;
  const { now, inFlight } = request;
  return {
    status: 200,
    contentType: 'application/pdf',
    body: await options.printer.print(handout, { now, inFlight, logo: paper.department?.logo }),
    headers: {
      ...NO_STORE,
      'Content-Language': language,
      'Content-Disposition': `${disposition}; filename="handout-${language}.pdf"`,
    },
    facts,
  };
}

/**
 * Answers with a handout as one HTML file: shown where its address is opened, saved where its form is sent, since only that may have a note.
 * @throws RequestError `missing-parameter`, `query-too-long`
 */
export async function sendHandoutFile(request: HandoutRequest, options: PageOptions): Promise<RouteResponse> {
  const { handout, chosen, paper, facts } = await readHandout(request, options);
  if (chosen.length === 0) throw new RequestError('missing-parameter', { parameter: 'article' });
  const { language } = paper;
  const disposition = request.method === 'POST' ? 'attachment' : 'inline';
  return {
    status: 200,
    contentType: 'text/html; charset=utf-8',
    body: renderHandoutFile(handout, { ...options, siteLogo: paper.department?.logo ?? options.siteLogo }),
    headers: {
      ...NO_STORE,
      'Content-Language': language,
      'Content-Disposition': `${disposition}; filename="handout-${language}.html"`,
    },
    facts,
  };
}

/** The handout's former address, which bookmarks may have. */
function formerRoute(options: PageOptions): Route {
  const move: Handler = async (request) => {
    const { basePath } = createPageContext(options, request, { path: HANDOUT_PATH });
    const query = request.query === '' ? '' : `?${request.query}`;
    return redirect(`${basePath}${HANDOUT_PATH}${query}`, 308);
  };
  return pageRoute(options, { path: '/sheet', get: move, document: describePage('sheet') });
}

/**
 * `/handout?article=…&article=…&language=es`: the chosen articles as a patient handout, in the language that the patient
 * reads (`lang`, as everywhere, is the page's); `/handout.pdf` the same as a tagged PDF, `/handout.html` as one file. A note is posted, printed and stored
 * nowhere.
 */
export function handoutRoutes(options: PageOptions): Route[] {
  const show: Handler = (request) => showHandout(request, options);
  const print: Handler = (request) => sendHandoutPdf(request, options);
  const save: Handler = (request) => sendHandoutFile(request, options);
  return [
    pageRoute(options, { path: HANDOUT_PATH, get: show, post: show, document: describePage('handout') }),
    pageRoute(options, {
      path: PDF_PATH,
      headerKind: 'document',
      get: print,
      post: print,
      document: describePage('handoutPdf'),
    }),
    pageRoute(options, {
      path: FILE_PATH,
      headerKind: 'handout',
      get: save,
      post: save,
      document: describePage('handoutFile'),
    }),
    formerRoute(options),
  ];
}
