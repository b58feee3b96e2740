import { DEFAULT_LANGUAGE, chooseLanguage, type Language } from '../../core/model/language.js';
import type { ReleaseRecord, ReleaseChange } from '../../core/model/library.js';
import {
  renderXml,
  element,
  type Element,
  type FeedSite,
  connectorAuthor,
  ownCategory,
  textElement,
} from '../feed/atom.js';
import type { Handler, Parameters, Route, RouteResponse } from '../route.js';
import { createErrorRenderer } from '../render-error.js';
import { escapeHtml } from '../../core/escape.js';
import type { Translate } from '../../texts.js';

/** Parts that a feed is made of. */
interface FeedFacts {
  /** The latest first, each name once. */
  readonly releases: readonly ReleaseRecord[];
  /** Address by which the client reaches us. */
  readonly baseUrl: string;
  /** Address of this very feed. */
  readonly self: string;
  readonly language: Language;
  /** Time of the last change (RFC 3339). */
  readonly updated: string;
}

/** The year in which these ids were first made: a tag names its authority as of a date (RFC 4151). */
const TAG_YEAR = 2026;

const KINDS = ['articles', 'mappings', 'crosswalks', 'concepts'] as const;

/** An id that stays: neither the server's address nor the time is in it. */
function buildTag(canonicalBase: string, path: string): string {
  return `tag:${new URL(canonicalBase).hostname},${TAG_YEAR}:${path}`;
}

const isNothing = ({ added, changed, withdrawn }: ReleaseChange): boolean => added + changed + withdrawn === 0;

/** `added topic-acne`, with the first word in the reader's language. */
function exampleText(example: string, t: Translate): string {
  const [change = '', ...subject] = example.split(' ');
  return `${t(`updates.${change}`)}: ${subject.join(' ')}`;
}

/** Renders the changes of a release as HTML. */
function contentHtml({ changes, isActive }: ReleaseRecord, t: Translate): string {
  const paragraphs = KINDS.flatMap((kind) => {
    const change = changes[kind];
    if (!change || isNothing(change)) return [];
    const { added, changed, withdrawn, examples, isLeast } = change;
    const items = examples.map((example) => `<li>${escapeHtml(exampleText(example, t))}</li>`);
    const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : '';
    const counts = { added, changed, withdrawn };
    const counted = isLeast ? t(`updates.atLeast.${kind}`, counts) : t(`updates.${kind}`, counts);
    return `<p>${escapeHtml(counted)}</p>${list}`;
  });
  const nothing = paragraphs.length === 0 ? [`<p>${escapeHtml(t('updates.nothing'))}</p>`] : [];
  const use = isActive ? [] : [`<p>${escapeHtml(t('updates.replaced'))}</p>`];
  return [...paragraphs, ...nothing, ...use].join('');
}

/** When the entry of a release last changed: it came into use, or left it. */
const changedAt = ({ activatedAt, leftAt }: ReleaseRecord): string => leftAt ?? activatedAt;

function toEntry(release: ReleaseRecord, canonicalBase: string, t: Translate): Element {
  const { layer, source, name, builtOn } = release;
  return element('entry', [
    textElement('title', t('updates.release', { name, day: builtOn })),
    element('id', buildTag(canonicalBase, `release/${encodeURIComponent(name)}`)),
    element('updated', changedAt(release)),
    ownCategory(canonicalBase, 'layer', layer),
    ownCategory(canonicalBase, 'source', source),
    textElement('content', contentHtml(release, t), 'html'),
  ]);
}

/** The library's releases as an Atom feed (RFC 4287), an entry for each. */
function updatesFeed(feed: FeedFacts, { connector, canonicalBase, texts }: FeedSite): Element {
  const { releases, baseUrl, self, language, updated } = feed;
  const t = texts(language);
  return element(
    'feed',
    [
      textElement('title', t('updates.title', { name: connector.name })),
      element('id', buildTag(canonicalBase, 'updates')),
      element('updated', updated),
      connectorAuthor(connector, baseUrl),
      element('link', [], { rel: 'self', type: 'application/atom+xml', href: self, hreflang: language }),
      ...releases.map((release) => toEntry(release, canonicalBase, t)),
    ],
    { 'xml:lang': language, xmlns: 'http://www.w3.org/2005/Atom' },
  );
}

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
