import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { RequestError } from '../core/errors.js';
import type { Route } from '../protocols/route.js';
import { ASSETS } from './describe-forms.js';
import { createErrorRenderer } from './error-page.js';
import type { PageOptions } from './page-context.js';
import { firstValue } from './page-context.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface Asset {
  readonly contentType: string;
  readonly content: string;
  /** Digest of the content: what stands at an address that names it never changes. */
  readonly version: string;
}

/** Our pages' own style sheet, scripts and icon, by file name. */
export type Assets = ReadonlyMap<string, Asset>;

const VERSION_CHARS = 10;
const FOREVER = { 'Cache-Control': 'public, max-age=31536000, immutable' } as const;

/** Reads the files of resources/web. */
export function loadAssets(resourcesDir: string): Assets {
  const folder = join(resourcesDir, 'web');
  return new Map(
    readdirSync(folder).flatMap((name): [string, Asset][] => {
      const contentType = CONTENT_TYPES[extname(name)];
      if (contentType === undefined) return [];
      const content = readFileSync(join(folder, name), 'utf8');
      const version = createHash('sha256').update(content).digest('hex').slice(0, VERSION_CHARS);
      return [[name, { contentType, content, version }]];
    }),
  );
}

/** The address of a file, with its version. */
export const assetAddress = (assets: Assets, name: string): string =>
  `/assets/${name}?v=${assets.get(name)?.version ?? ''}`;

/**
 * `/assets/{file}?v=`: at the address of its version a file is kept for ever. Without it, or with an older one (a page of the
 * release before), it is given as it is now, for an hour.
 */
export function assetRoute(options: PageOptions): Route {
  return {
    path: '/assets/:file',
    protocol: 'page',
    headerKind: 'asset',
    get: async ({ pathParameters: { file = '' }, parameters }) => {
      const asset = options.assets.get(file);
      if (!asset) throw new RequestError('not-found');
      const { contentType, content, version } = asset;
      const headers = firstValue(parameters, 'v') === version ? FOREVER : {};
      return { status: 200, contentType, body: content, headers, facts: { outcome: 'ok' } };
    },
    cacheable: { names: new Set(['v']), anyCase: false },
    renderError: createErrorRenderer(options),
    document: ASSETS,
  };
}
