import { RequestError } from '../core/errors.js';
import type { Responder, Route } from '../protocols/route.js';
import { aboutRoute } from './pages/about-page.js';
import { applicationRoutes } from './pages/application-page.js';
import { articleRoute } from './pages/article-page.js';
import { assetRoute, logoRoute } from './assets-route.js';
import { browseRoute } from './pages/browse-page.js';
import { codeRoute } from './pages/code-page.js';
import { errorsRoute } from './pages/errors-page.js';
import { feedbackRoute } from './pages/feedback-page.js';
import { findFormOrigin } from './form-origin.js';
import { findRoute } from './pages/find-page.js';
import { handoutRoutes } from './handout/handout-route.js';
import { listRoute } from './list/list-route.js';
import type { PageOptions } from './page-context.js';
import { sourceAttributesRoutes } from './pages/source-attributes-page.js';
import { suggestRoute } from './suggest.js';

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
