import type { Responder, Route } from '../protocols/route.js';
import { aboutRoute } from './pages/about-page.js';
import { applicationRoutes } from './pages/application-page.js';
import { articleRoute } from './pages/article-page.js';
import { assetRoute } from './assets-route.js';
import { browseRoute } from './pages/browse-page.js';
import { codeRoute } from './pages/code-page.js';
import { findRoute } from './pages/find-page.js';
import type { PageOptions } from './page-context.js';
import { suggestRoute } from './suggest.js';

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
    assetRoute(options),
  ];
}
