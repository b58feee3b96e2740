import { escapeHtml } from '../../core/escape.js';
import type { Language } from '../../core/model/language.js';
import type { ReleaseChange, ReleaseRecord } from '../../core/model/library.js';
import type { Translate } from '../../texts.js';
import { connectorAuthor, ownCategory, textElement, type FeedSite } from '../feed/atom.js';
import { element, type Element } from '../feed/element.js';

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
export const changedAt = ({ activatedAt, leftAt }: ReleaseRecord): string => leftAt ?? activatedAt;

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
export function updatesFeed(feed: FeedFacts, { connector, canonicalBase, texts }: FeedSite): Element {
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
