import { RequestError } from '../../core/errors.js';
import {
  KEPT_TYPES,
  type KeeperCase,
  type KeeperEdit,
  type KeptType,
  type KeeperItem,
} from '../../core/keeping/desk.js';
import { KEEPER_STEPS, isDay, toPublicKeeper } from '../../core/keeping/keeper.js';
import { handoutName } from '../../core/model/article.js';
import { LIMITS } from '../../limits.js';
import type { HousePdfs } from '../../pdf-check/house-pdfs.js';
import { renderXml, element, type Element, textElement } from '../../protocols/feed/atom.js';
import type { NeededRight } from '../../protocols/identity.js';
import { describeBy } from '../../protocols/route-document.js';
import {
  findParameter,
  wholeValue,
  type Handler,
  type Parameters,
  type Route,
  type RouteRequest,
} from '../../protocols/route.js';
import { findFormOrigin } from '../form-origin.js';
import { choosePageLanguage, createPageContext, type PageOptions } from '../page-context.js';
import { pageRoute } from '../pages/page-route.js';
import { NO_STORE, pageResponse, redirect } from '../parts/layout.js';
import type { StaffPage } from '../sign-in/account-page.js';
import { CaseMain, type ShownPdf, type Unsaved } from './case-page.js';
import { KEEPER_PATH, NEW_PATH, caseUrl, withoutForm, type Desk } from './keeper-paths.js';
import { createHandler, showNewHandler } from './new-page.js';
import { chooseItems, findStanding, listHandler, readList } from './list-page.js';
import type { Language } from '../../core/model/language.js';
import type { Translate } from '../../texts.js';

/** Entries of the feed, at most: the earliest reviews. */
const MOST_ENTRIES = 200;

interface KeeperFeedFacts {
  readonly items: readonly KeeperItem[];
  /** ISO 8601 day. */
  readonly today: string;
  readonly baseUrl: string;
  readonly siteName: string;
  readonly canonicalBase: string;
  readonly language: Language;
  readonly t: Translate;
}

/** Reviews that are due and overdue, as an Atom feed (RFC 4287): an entry keeps its id until the next review has another day. */
function keeperFeed({ items, today, baseUrl, siteName, canonicalBase, language, t }: KeeperFeedFacts): Element {
  const tag = (path: string): string => `tag:${new URL(canonicalBase).hostname},2026:keeper${path}`;
  const chosen = [...chooseItems(items, 'overdue', today), ...chooseItems(items, 'due', today)].slice(0, MOST_ENTRIES);
  const updated = `${today}T00:00:00Z`;
  return element(
    'feed',
    [
      textElement('title', t('keeper.feedTitle', { name: siteName })),
      element('id', tag('')),
      element('updated', updated),
      element('author', [element('name', siteName)]),
      element('link', [], { rel: 'self', type: 'application/atom+xml', href: `${baseUrl}${KEEPER_PATH}.atom` }),
      ...chosen.map((item) => {
        const { nextReview = today, owner, department } = item.keeper;
        const standing = findStanding(item, today);
        const people = [owner, department].filter((one) => one !== undefined).join(', ');
        return element('entry', [
          textElement('title', `${t(`keeper.lists.${standing}`)}: ${item.title}`),
          element('id', tag(`/${item.type}/${item.id}/${nextReview}/${standing}`)),
          element('updated', standing === 'overdue' ? `${nextReview}T23:59:59Z` : updated),
          element('link', [], { rel: 'alternate', type: 'text/html', href: `${baseUrl}${caseUrl(item)}` }),
          textElement('content', [t('keeper.reviewOn', { date: nextReview }), people].filter(Boolean).join(' · ')),
        ]);
      }),
    ],
    { 'xml:lang': language, xmlns: 'http://www.w3.org/2005/Atom' },
  );
}

/** The curators' desk as `/account` links it. */
export const KEEPER: StaffPage = {
  path: KEEPER_PATH,
  title: 'keeper.title',
  needed: { type: 'DocumentReference', rights: ['u'] },
};

/** Right to the curators' pages. */
const CURATE: readonly NeededRight[] = [KEEPER.needed];

interface KeeperOptions extends PageOptions {
  readonly canonicalBase: string;
  /** PDFs of the site's folder; undefined: the route shows no handout. */
  readonly pdfs?: Pick<HousePdfs, 'check'>;
}

const describeKeeper = describeBy('keeper');

interface Place {
  readonly type: KeptType;
  readonly id: string;
}

/** @throws RequestError `not-found` */
function readPlace({ pathParameters }: RouteRequest): Place {
  const type = KEPT_TYPES.find((one) => one === pathParameters['type']);
  if (!type) throw new RequestError('not-found');
  return { type, id: pathParameters['id'] ?? '' };
}

const findClient = ({ access }: RouteRequest): string => (access && 'identity' in access ? access.identity.client : '');

/** A text of a form; undefined where it is blank. */
const readField = (parameters: Parameters, name: string): string | undefined =>
  wholeValue(parameters, name) || undefined;

/** Line breaks as a browser sends them become those of the text as it is stored. */
const readHtml = (parameters: Parameters): string | undefined =>
  findParameter(parameters, 'html')?.replaceAll('\r\n', '\n');

/** @throws RequestError `bad-parameter-value` */
function readEdit(parameters: Parameters): KeeperEdit {
  const step = KEEPER_STEPS.find((one) => one === wholeValue(parameters, 'step'));
  if (!step) throw new RequestError('bad-parameter-value', { parameter: 'step', reason: KEEPER_STEPS.join(', ') });
  const field = (name: string): string | undefined => readField(parameters, name);
  const [owner, department, secondReader] = [field('owner'), field('department'), field('secondReader')];
  const nextReview = field('nextReview');
  if (nextReview !== undefined && !isDay(nextReview))
    throw new RequestError('bad-parameter-value', { parameter: 'nextReview', reason: 'expected a day, as 2027-06-30' });
  const entry = { owner, department, secondReader, nextReview };
  return { step, entry, changeNote: field('changeNote'), title: field('title'), html: readHtml(parameters) };
}

/** Checks the PDF to which a handout leads; undefined: it leads to none. */
async function checkPdf({ text, item }: KeeperCase, { pdfs }: KeeperOptions): Promise<ShownPdf | undefined> {
  const { url = '' } = text;
  if (!/\.pdf(?:$|[?#])/i.test(url)) return undefined;
  const name = handoutName(url);
  if (name === undefined || !pdfs) return { isHere: false, reading: undefined, language: item.language };
  return { isHere: true, reading: await pdfs.check(name, LIMITS.pdfPatienceMs), language: item.language };
}

async function showCase(
  request: RouteRequest,
  options: KeeperOptions,
  desk: Desk,
  unsaved?: Unsaved & { status: number },
) {
  const { type, id } = readPlace(request);
  const found = await desk.find(type, id);
  if (!found) throw new RequestError('not-found');
  const page = createPageContext(options, withoutForm(request), { path: caseUrl({ type, id }) });
  const pdf = await checkPdf(found, options);
  const isReaderAsked = options.library.status().policy?.approval === 'second-reader';
  const facts = { outcome: unsaved ? 'version-conflict' : 'ok', audit: { resources: [`${type}/${id}`] } };
  const shown = { found, client: findClient(request), isReaderAsked, unsaved, pdf, page };
  const main = <CaseMain {...shown} />;
  const document = { title: found.item.title, main, searched: '' };
  return pageResponse(page, document, { status: unsaved?.status ?? 200, facts, headers: NO_STORE });
}

/** A curator's change; one that another has overtaken, or that cannot be saved, is shown again with what was typed. */
function changeHandler(options: KeeperOptions, desk: Desk): Handler {
  return async (request) => {
    if (findFormOrigin(request) !== 'own') throw new RequestError('foreign-form');
    const { parameters, access, now, baseUrl } = request;
    const place = readPlace(request);
    const sent = readEdit(parameters);
    const version = wholeValue(parameters, 'version');
    // A button has no fields: what is written down stays.
    const known = sent.step === 'save' ? undefined : (await desk.find(place.type, place.id))?.item.keeper;
    const edit = known ? { ...sent, entry: toPublicKeeper(known) ?? {} } : sent;
    try {
      await desk.change({ ...place, version }, edit, { access, now, baseUrl, inFlight: undefined });
    } catch (error) {
      if (!(error instanceof RequestError) || error.status >= 500) throw error;
      const isConflict = error.code === 'version-conflict';
      const t = options.texts(choosePageLanguage(request, options));
      const reason = isConflict ? t('keeper.conflict') : t(`errors.${error.code}`, error.values);
      return showCase(request, options, desk, { edit, reason, isConflict, status: isConflict ? 409 : error.status });
    }
    const resources = [`${place.type}/${place.id}`];
    const left = (await desk.find(place.type, place.id)) ? caseUrl(place) : KEEPER_PATH;
    return { ...redirect(`${baseUrl}${left}`), facts: { outcome: 'updated', audit: { resources } } };
  };
}

function jsonHandler(desk: Desk): Handler {
  return async ({ now, parameters }) => {
    const today = now.toISOString().slice(0, 10);
    const items = chooseItems(await desk.list(), readList(parameters), today).map((item) => {
      const { keeper, ...rest } = item;
      const { authors: _, ...known } = keeper;
      return { ...rest, ...known, review: findStanding(item, today) };
    });
    const body = JSON.stringify({ on: today, items });
    return {
      status: 200,
      contentType: 'application/json; charset=utf-8',
      body,
      headers: NO_STORE,
      facts: { outcome: 'ok' },
    };
  };
}

function feedHandler(options: KeeperOptions, desk: Desk): Handler {
  return async (request) => {
    const { now, baseUrl } = request;
    const language = choosePageLanguage(request, options);
    const { canonicalBase, connectorName, siteName = connectorName, texts } = options;
    const today = now.toISOString().slice(0, 10);
    const facts = { items: await desk.list(), today, baseUrl, siteName, canonicalBase, language, t: texts(language) };
    return {
      status: 200,
      contentType: 'application/atom+xml; charset=utf-8',
      body: renderXml(keeperFeed(facts)),
      headers: { ...NO_STORE, 'Content-Language': language },
      facts: { outcome: 'ok' },
    };
  };
}

/** The curators' list as JSON and as a feed, for programs with a curator's right. */
export function keeperDataRoutes(options: KeeperOptions, desk: Desk): Route[] {
  const common = { isByRight: true, isForPrograms: true, neededRights: () => CURATE } as const;
  return [
    pageRoute(options, {
      ...common,
      path: `${KEEPER_PATH}.json`,
      get: jsonHandler(desk),
      document: describeKeeper('json'),
    }),
    pageRoute(options, {
      ...common,
      path: `${KEEPER_PATH}.atom`,
      get: feedHandler(options, desk),
      document: describeKeeper('feed'),
    }),
  ];
}

/** The curators' pages, for people who have signed in. */
export function keeperRoutes(options: KeeperOptions, desk: Desk): Route[] {
  const common = { isByRight: true, neededRights: () => CURATE } as const;
  return [
    pageRoute(options, {
      ...common,
      path: KEEPER_PATH,
      get: listHandler(options, desk),
      document: describeKeeper('list'),
    }),
    pageRoute(options, {
      ...common,
      path: NEW_PATH,
      get: showNewHandler(options),
      post: createHandler(options, desk),
      maxFormBytes: 4 * LIMITS.maxHandoutBytes,
      document: describeKeeper('new'),
    }),
    pageRoute(options, {
      ...common,
      path: `${KEEPER_PATH}/:type/:id`,
      get: (request) => showCase(request, options, desk),
      post: changeHandler(options, desk),
      maxFormBytes: 4 * LIMITS.maxHandoutBytes,
      document: describeKeeper('case'),
    }),
  ];
}
