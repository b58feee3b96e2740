import { DEFAULT_LANGUAGE, chooseLanguage, type Language } from '../../core/model/language.js';
import type { ReleaseRecord } from '../../core/model/library.js';
import { renderXml } from '../feed/render-xml.js';
import type { Handler, Parameters, Route, RouteResponse } from '../route.js';
import type { FeedSite } from '../feed/atom.js';
import { changedAt, updatesFeed } from './feed.js';
import { createErrorRenderer } from '../render-error.js';

const PATH = '/updates.atom';
/** Releases of which the feed tells. */
const MAX_RELEASES = 50;

function readLanguage(parameters: Parameters): Language {
  const sent = parameters.find(([name]) => name === 'language')?.[1] ?? '';
  return chooseLanguage(sent) ?? DEFAULT_LANGUAGE;
}

/** The releases by the time they came into use, the latest first; one that came back is listed once. */
function inOrder(releases: readonly ReleaseRecord[]): ReleaseRecord[] {
  const sorted = [...releases].sort((a, b) => (a.activatedAt > b.activatedAt ? -1 : 1));
  const byName = new Map<string, ReleaseRecord>();
  for (const release of sorted) if (!byName.has(release.name)) byName.set(release.name, release);
  return [...byName.values()];
}

function createHandler(options: FeedSite): Handler {
  return async ({ parameters, baseUrl, now }): Promise<RouteResponse> => {
    const language = readLanguage(parameters);
    const releases = inOrder(options.library.findReleases(MAX_RELEASES));
    const updated = releases.map(changedAt).sort().at(-1) ?? now.toISOString();
    const self = `${baseUrl}${PATH}${language === DEFAULT_LANGUAGE ? '' : `?language=${language}`}`;
    const feed = updatesFeed({ releases, baseUrl, self, language, updated }, options);
    return {
      status: 200,
      contentType: 'application/atom+xml; charset=utf-8',
      body: renderXml(feed),
      headers: { 'Content-Language': language, 'Last-Modified': new Date(updated).toUTCString() },
      facts: { outcome: 'ok' },
    };
  };
}

/**
 * The feed of the library's own releases: what each added, changed and withdrew. Its answers are not cached: keyed by
 * the releases in use, after a rollback, they would be those from before it.
 */
export function updatesRoutes(options: FeedSite): Route[] {
  return [
    {
      path: PATH,
      protocol: 'updates',
      headerKind: 'api',
      get: createHandler(options),
      renderError: createErrorRenderer(options.texts, ({ parameters }) => ({
        format: 'xml',
        language: readLanguage(parameters),
      })),
      document: { file: 'updates' },
    },
  ];
}
