import { RequestError } from '../core/errors.js';
import { firstValue, type Route } from '../protocols/route.js';
import { describePage } from './describe-page.js';
import { choosePageDepartment } from './department.js';
import { pageRoute } from './pages/page-route.js';
import { LOGO_PATH, type PageOptions } from './page-context.js';

const FOREVER = { 'Cache-Control': 'public, max-age=31536000, immutable' } as const;

/**
 * `/assets/{file}?v=`: at the address of its version a file may be cached for ever. Without a version, or with an older one, the
 * current file is returned and may be cached for an hour.
 */
export function assetRoute(options: PageOptions): Route {
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
export function logoRoute(options: PageOptions): Route {
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
