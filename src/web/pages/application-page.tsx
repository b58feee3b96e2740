import { LIMITS } from '../../limits.js';
import { DEPARTMENT } from '../department.js';
import { describePage } from './page-route.js';
import { answerRequest } from '../../core/answer/answer.js';
import { findTitle, type RequestCoding } from '../../core/answer/knowledge-request.js';
import type { Language } from '../../core/model/language.js';
import { describeAnswers, provisionalHeaders } from '../../protocols/answer-facts.js';
import { effectiveQuery } from '../../protocols/infobutton/effective-query.js';
import {
  type SentParameters,
  CACHEABLE_PARAMETERS,
  isPersonal,
  readParameters,
} from '../../protocols/infobutton/parameters.js';
import { parseRequest, readCodings, readRequestContext, readLanguage } from '../../protocols/infobutton/parse.js';
import type {
  CacheableParameters,
  ErrorRenderer,
  Handler,
  Responder,
  Route,
  RouteRequest,
} from '../../protocols/route.js';
import { answersResponse, foundResponse } from './find-page.js';
import { homeResponse } from './home-page.js';
import { NO_STORE, pageResponse } from '../parts/layout.js';
import {
  type PageContext,
  type PageOptions,
  type Visit,
  createPageContext,
  readForeignLanguage,
  readBy,
} from '../page-context.js';
import { isPatientsPage, patientResponse } from './patient-page.js';
import { Problem, problemTitle } from './error-page.js';
import { findByWords, findForMisses } from '../rows/search-words.js';
import { LinkItem } from '../parts/link-item.js';

const LANGUAGE = 'informationRecipient.languageCode.c';

const APPLICATION_PATHS = ['/application', '/', '/medlineplus/services/mpconnect.cfm', '/mpconnect.cfm'];

/** A page's language and department may also be requested as those of our other pages are. */
const CACHEABLE: CacheableParameters = {
  ...CACHEABLE_PARAMETERS,
  names: new Set([...CACHEABLE_PARAMETERS.names, 'lang', DEPARTMENT]),
};

/** Whether the request has the patient's language; else that of our own links counts. */
const hasLanguage = (sent: SentParameters): boolean =>
  sent.first(LANGUAGE) !== '' || sent.first('performer.languageCode.c') !== '';

/** The patient's language as in the request; undefined without one: then that of our own links counts. */
function findReaderLanguage({ parameters }: Pick<RouteRequest, 'parameters'>): Language | undefined {
  const sent = readParameters(parameters);
  return hasLanguage(sent) ? readLanguage(sent).language : undefined;
}

/** The page of an infobutton request: the link to its other language uses the infobutton's parameters. */
function createContext(options: PageOptions, visit: Visit, requested: Language | undefined): PageContext {
  const sent = readParameters(visit.parameters);
  const { context, used } = readRequestContext(sent);
  const foreignLanguage = hasLanguage(sent) ? context.foreignLanguage : readForeignLanguage(visit.parameters);
  const plain = readBy(
    createPageContext(options, visit, { path: '/application', foreignLanguage }, requested),
    { ...context, foreignLanguage },
    options.library,
  );
  const other: Language = plain.language === 'en' ? 'es' : 'en';
  const remaining = used.filter(({ name }) => name !== LANGUAGE);
  const query = effectiveQuery(readCodings(sent), [...remaining, { name: LANGUAGE, value: other }]);
  if (plain.carriedDepartment !== undefined) query.set(DEPARTMENT, plain.carriedDepartment);
  return { ...plain, otherLanguageUrl: `${plain.basePath}/application?${query.toString()}` };
}

const readText = (coding: RequestCoding): string => coding.code.trim() || findTitle(coding);

const readSearched = (codings: readonly RequestCoding[]): string => codings.map(readText).slice(0, 1).join('');

const firstTitle = (codings: readonly RequestCoding[]): string =>
  codings.map(findTitle).find((title) => title !== '') ?? '';

async function answerCodes(page: PageContext, sent: SentParameters, options: PageOptions): ReturnType<Handler> {
  const { maxArticles, library, terminologySource } = options;
  const { request } = parseRequest(sent, { maxArticles, maxCriteria: LIMITS.maxCriteria });
  const response = await answerRequest(
    { ...request, context: page.reader, describeCodes: true },
    library,
    terminologySource,
  );
  if (isPatientsPage(page)) {
    const matches = response.answers.flatMap((answer) => answer.matches);
    return patientResponse(page, matches, { facts: describeAnswers(response), headers: provisionalHeaders(response) });
  }
  const byWords = await findForMisses(response.answers, page, options);
  const headers = { ...provisionalHeaders(response), ...(byWords.size > 0 ? NO_STORE : {}) };
  return answersResponse(page, { response, byWords }, { searched: readSearched(readCodings(sent)), headers });
}

/**
 * Makes the page that answers an infobutton request in HTML: without anything to search for, the empty search; with a
 * title and no code, a search by its words.
 */
function createHandler(options: PageOptions): Handler {
  const answer: Handler = async (request) => {
    const sent = readParameters(request.parameters);
    const codings = readCodings(sent);
    const language = findReaderLanguage(request);
    const page = createContext(options, request, language);
    const isForPatient = isPatientsPage(page);
    if (!isForPatient && codings.every((coding) => readText(coding) === '')) {
      return homeResponse(options, request, language);
    }
    if (codings.some(({ code }) => code.trim() !== '')) return answerCodes(page, sent, options);
    if (isForPatient) {
      // A drug may be sent by its name; what words alone find is a guess that no clinician checks before a patient reads it.
      const isNamed = codings.some((coding) => coding.system !== undefined && findTitle(coding) !== '');
      return isNamed
        ? answerCodes(page, sent, options)
        : patientResponse(page, [], { facts: { outcome: 'empty' }, headers: NO_STORE });
    }
    const words = firstTitle(codings).slice(0, LIMITS.maxQueryChars);
    return foundResponse(page, words, await findByWords(words, page, options));
  };
  return async (request) => ({ ...(await answer(request)), isPersonal: isPersonal(request.parameters) });
}

/** Creates the renderer of infobutton errors, over the search box, which is filled with the sent words. */
function createApplicationError(options: PageOptions): ErrorRenderer {
  return (error, request) => {
    const sent = readParameters(request.parameters);
    const page = createContext(options, request, findReaderLanguage(request));
    if (isPatientsPage(page)) {
      return patientResponse(page, [], { status: error.status, facts: { outcome: error.code }, headers: NO_STORE });
    }
    const { t } = page;
    const codings = readCodings(sent);
    const searched = readSearched(codings).slice(0, LIMITS.maxQueryChars);
    const words = firstTitle(codings).slice(0, LIMITS.maxQueryChars);
    const main = (
      <Problem error={error} page={page}>
        {searched ? (
          <LinkItem href={page.href('/find', { q: searched })}>{t('page.try.anySystem', { text: searched })}</LinkItem>
        ) : null}
        {words && words !== searched ? (
          <LinkItem href={page.href('/find', { q: words })}>{t('page.try.words', { words })}</LinkItem>
        ) : null}
      </Problem>
    );
    const document = { title: problemTitle(error, page), main, searched };
    return pageResponse(page, document, { status: error.status, facts: { outcome: error.code }, headers: NO_STORE });
  };
}

/** The page: an infobutton request answered in HTML, an error above the search box. */
export function createPage(options: PageOptions): Responder {
  return { get: createHandler(options), renderError: createApplicationError(options) };
}

/**
 * The application's routes under its own and its older addresses. They answer with a page whatever `knowledgeResponseType` is, as
 * MedlinePlus Connect's do; data is at `/service` and `/infobutton`.
 */
export function applicationRoutes(page: Responder): Route[] {
  return APPLICATION_PATHS.map((path) => ({
    path,
    protocol: 'application',
    headerKind: 'page',
    get: page.get,
    renderError: page.renderError,
    cacheable: CACHEABLE,
    document: describePage('application'),
  }));
}
