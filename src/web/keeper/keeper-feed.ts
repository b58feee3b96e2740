import type { KeeperItem } from '../../core/keeping/desk.js';
import type { Language } from '../../core/model/language.js';
import { textElement } from '../../protocols/feed/atom.js';
import { element, type Element } from '../../protocols/feed/element.js';
import type { Translate } from '../../texts.js';
import { KEEPER_PATH, caseUrl } from './keeper-paths.js';
import { chooseItems, findStanding } from './list-page.js';

/** Entries of the feed, at most: the earliest reviews. */
const MOST_ENTRIES = 200;

interface KeeperFeedFacts {
  readonly items: readonly KeeperItem[];
  /** ISO 8601 day. */
  readonly today: string;
  readonly baseUrl: string;
  readonly siteName: string;
  readonly canonicalBase: string;
  readonly language: Language;
  readonly t: Translate;
}

/** Reviews that are due and overdue, as an Atom feed (RFC 4287): an entry keeps its id until the next review has another day. */
export function keeperFeed({ items, today, baseUrl, siteName, canonicalBase, language, t }: KeeperFeedFacts): Element {
  const tag = (path: string): string => `tag:${new URL(canonicalBase).hostname},2026:keeper${path}`;
  const chosen = [...chooseItems(items, 'overdue', today), ...chooseItems(items, 'due', today)].slice(0, MOST_ENTRIES);
  const updated = `${today}T00:00:00Z`;
  return element(
    'feed',
    [
      textElement('title', t('keeper.feedTitle', { name: siteName })),
      element('id', tag('')),
      element('updated', updated),
      element('author', [element('name', siteName)]),
      element('link', [], { rel: 'self', type: 'application/atom+xml', href: `${baseUrl}${KEEPER_PATH}.atom` }),
      ...chosen.map((item) => {
        const { nextReview = today, owner, department } = item.keeper;
        const standing = findStanding(item, today);
        const people = [owner, department].filter((one) => one !== undefined).join(', ');
        return element('entry', [
          textElement('title', `${t(`keeper.lists.${standing}`)}: ${item.title}`),
          element('id', tag(`/${item.type}/${item.id}/${nextReview}/${standing}`)),
          element('updated', standing === 'overdue' ? `${nextReview}T23:59:59Z` : updated),
          element('link', [], { rel: 'alternate', type: 'text/html', href: `${baseUrl}${caseUrl(item)}` }),
          textElement('content', [t('keeper.reviewOn', { date: nextReview }), people].filter(Boolean).join(' · ')),
        ]);
      }),
    ],
    { 'xml:lang': language, xmlns: 'http://www.w3.org/2005/Atom' },
  );
}
