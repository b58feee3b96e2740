import { RequestError } from '../../core/errors.js';
import type { Route } from '../../protocols/route.js';
import { feedbackRoute, findFormOrigin } from '../feedback-route.js';
import { listRoute } from '../list/list-route.js';
import { LOGO_PATH, type PageOptions } from '../page-context.js';
import { handoutRoutes } from './handout-route.js';
import { describePage } from '../describe-page.js';
import { pageRoute } from '../pages/page-route.js';

/** The hospital's logo, from our own address. An SVG that is opened by itself runs no script. */
function logoRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: LOGO_PATH,
    // Pages that say who may not come in are made of it too.
    isOpen: true,
    headerKind: 'asset',
    get: async () => {
      const { siteLogo: logo } = options;
      if (!logo) throw new RequestError('not-found');
      const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
      return { status: 200, contentType: logo.contentType, body: logo.bytes, headers, facts: { outcome: 'ok' } };
    },
    document: describePage('logo'),
  });
}

/** Has forms that another site posts rejected: what they hold would be shown under our name. */
function withoutForeignForms(route: Route): Route {
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

/** Lists and charts, the patient handout, and what is wrong with a page. */
export function handOverRoutes(options: PageOptions): Route[] {
  const others = [...handoutRoutes(options), logoRoute(options), feedbackRoute(options)];
  return [listRoute(options), ...others.map(withoutForeignForms)];
}
