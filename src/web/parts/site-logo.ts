import { RequestError } from '../../core/errors.js';
import type { Route } from '../../protocols/route.js';
import type { Logo } from '../../read-logo.js';
import { describePage } from '../describe-page.js';
import { pageRoute } from '../pages/page-route.js';
import type { PageOptions } from '../page-context.js';
import { LOGO_PATH } from '../page-context.js';

/** The hospital's logo, from our own address. An SVG that is opened by itself runs no script. */
export function logoRoute(options: PageOptions, logo: Logo | undefined): Route {
  return pageRoute(options, {
    path: LOGO_PATH,
    // Pages that say who may not come in are made of it too.
    isOpen: true,
    headerKind: 'asset',
    get: async () => {
      if (!logo) throw new RequestError('not-found');
      const headers = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" };
      return { status: 200, contentType: logo.contentType, body: logo.bytes, headers, facts: { outcome: 'ok' } };
    },
    document: describePage('logo'),
  });
}
