import { RequestError } from '../core/errors.js';
import { type Responder, type Route, firstValue } from '../protocols/route.js';
import { aboutRoute } from './pages/about-page.js';
import { applicationRoutes } from './pages/application-page.js';
import { articleRoute } from './pages/article-page.js';
import { browseRoute } from './pages/browse-page.js';
import { codeRoute } from './pages/code-page.js';
import { errorsRoute } from './pages/errors-page.js';
import { feedbackRoute } from './pages/feedback-page.js';
import { findFormOrigin } from './form-origin.js';
import { findRoute } from './pages/find-page.js';
import { handoutRoutes } from './handout/handout-route.js';
import { listRoute } from './list/list-route.js';
import { type PageOptions, LOGO_PATH } from './page-context.js';
import { sourceAttributesRoutes } from './pages/source-attributes-page.js';
import { suggestRoute } from './suggest.js';
import { choosePageDepartment } from './department.js';
import { pageRoute, describePage } from './pages/page-route.js';

const FOREVER = { 'Cache-Control': 'public, max-age=31536000, immutable' } as const;

/**
 * `/assets/{file}?v=`: at the address of its version a file may be cached for ever. Without a version, or with an older one, the
 * current file is returned and may be cached for an hour.
 */
function assetRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/assets/:file',
    // The page of an authentication error uses it.
    isOpen: true,
    headerKind: 'asset',
    get: async ({ pathParameters: { file = '' }, parameters }) => {
      const asset = options.assets.get(file);
      if (!asset) throw new RequestError('not-found');
      const { contentType, content, version } = asset;
      const headers = firstValue(parameters, 'v') === version ? FOREVER : {};
      return { status: 200, contentType, body: content, headers, facts: { outcome: 'ok' } };
    },
    cacheable: { names: new Set(['v']), anyCase: false },
    document: describePage('assets'),
  });
}

/** The logo of the hospital or of a department, from our own address. An SVG that is opened by itself runs no script. */
function logoRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: LOGO_PATH,
    // Pages of authentication errors show it too.
    isOpen: true,
    headerKind: 'asset',
    get: async (request) => {
      const { department } = choosePageDepartment(options.departments, request);
      const logo = department?.logo ?? options.siteLogo;
      if (!logo) throw new RequestError('not-found');
      const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
      return { status: 200, contentType: logo.contentType, body: logo.bytes, headers, facts: { outcome: 'ok' } };
    },
    document: describePage('logo'),
  });
}

/** Has forms that another site posts rejected: what they hold would be shown under our name. */
export function withoutForeignForms(route: Route): Route {
  const { post } = route;
  if (!post) return route;
  return {
    ...route,
    post: async (request) => {
      if (findFormOrigin(request) === 'foreign') throw new RequestError('foreign-form');
      return post(request);
    },
  };
}

/** The routes of all pages. */
export function webRoutes(options: PageOptions, page: Responder): Route[] {
  return [
    ...applicationRoutes(page),
    findRoute(options),
    suggestRoute(options),
    articleRoute(options),
    codeRoute(options),
    browseRoute(options),
    aboutRoute(options),
    errorsRoute(options),
    ...sourceAttributesRoutes(options),
    assetRoute(options),
    listRoute(options),
    ...[...handoutRoutes(options), logoRoute(options), feedbackRoute(options)].map(withoutForeignForms),
  ];
}
