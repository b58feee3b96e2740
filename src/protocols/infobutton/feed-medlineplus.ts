import { LRUCache } from 'lru-cache';
import { codeSystem } from '../../core/codes/code-systems.js';
import { handoutName, type Article } from '../../core/model/article.js';
import type { Answer, KnowledgeResponse, Match } from '../../core/answer/knowledge-response.js';
import { absoluteUrl, ownLanguageLinks } from '../feed/language-links.js';
import { category, connectorAuthor, textElement } from '../feed/atom.js';
import { element, type Element } from '../feed/element.js';
import { cacheXml } from '../feed/render-xml.js';
import { LIMITS } from '../../limits.js';
import { explainAnswer, explainPath, explainReader } from './explain.js';
import { markOverdue, markReading, renderNotices, renderSubject, type FeedContext } from './feed-context.js';
import { summaryHtml } from './summary.js';

/** Repeatable elements in MedlinePlus Connect's JSON: a feed's author is an object there. */
export const MEDLINEPLUS_LISTS: ReadonlySet<string> = new Set(['category', 'entry', 'link']);

const MEDLINEPLUS = 'https://medlineplus.gov';

/** MedlinePlus counts its visitors by these; NLM asks for them on links out of Connect. */
function withCampaign(url: string, medium: 'service' | 'application'): string {
  if (!url.startsWith(`${MEDLINEPLUS}/`)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}utm_source=mplusconnect&utm_medium=${medium}`;
}

const ADDRESS = /^https?:\/\/([^/?#]+)([^?#]*)/;

/** Returns the parts of an entry's id before and behind its day. Test pages carry no query. */
function idParts(url: string): Pick<LastingParts, 'host' | 'tail'> {
  const [origin = '', host = '', path = ''] = ADDRESS.exec(url) ?? [];
  const isTest = path.startsWith('/lab-tests/');
  return { host, tail: isTest ? path : withCampaign(url, 'application').slice(origin.length - path.length) };
}

/** `tag: medlineplus.gov, YYYY-DD-MM:/path?…`: the form that clients know, day before month. */
const entryId = ({ host, tail }: LastingParts, updated: string): string =>
  `tag: ${host}, ${updated.slice(0, 5)}${updated.slice(8, 10)}${updated.slice(4, 7)}:${tail}`;

/** Parts of an entry that depend on the article, its text and the reader's language alone. */
interface LastingParts {
  readonly title: Element;
  readonly link: Element;
  readonly summary: Element;
  readonly host: string;
  readonly tail: string;
}

/** The parts of the articles that were answered with last, by the article's id and the languages of its text and of the answer. */
const lastingParts = new LRUCache<string, { readonly article: Article; readonly parts: LastingParts }>({
  max: LIMITS.summariesKept,
});

function createParts(match: Match, { language, t, baseUrl }: FeedContext): LastingParts {
  const url = absoluteUrl(match.text.url, baseUrl);
  return {
    title: textElement('title', match.text.title),
    link: element('link', [], { href: withCampaign(url, 'service'), rel: 'alternate' }),
    summary: textElement('summary', summaryHtml(match, language, t), 'html'),
    ...idParts(url),
  };
}

function findParts(match: Match, context: FeedContext): LastingParts {
  const { article, text } = match;
  // The address of a handout depends on the client's way to us.
  if (handoutName(text.url) !== undefined) return createParts(match, context);
  const key = `${article.id} ${text.language} ${context.language}`;
  const known = lastingParts.get(key);
  // A change of the library makes another object of the article.
  if (known?.article === article) return known.parts;
  const parts = createParts(match, context);
  for (const part of [parts.title, parts.link, parts.summary]) cacheXml(part);
  lastingParts.set(key, { article, parts });
  return parts;
}

function toEntry(match: Match, answer: Answer, context: FeedContext): Element {
  const { updated, t } = context;
  const parts = findParts(match, context);
  const { title, link, summary } = parts;
  return element('entry', [
    title,
    link,
    ...ownLanguageLinks(match, context.parsed.request.context, t),
    element('id', entryId(parts, updated)),
    summary,
    element('updated', updated),
    ...markReading(match, answer),
    ...markOverdue(match, context),
    ...(context.parsed.explain ? [explainPath(match)] : []),
  ]);
}

/** MedlinePlus Connect's four categories, in its order: code and title as sent, the system by its label. */
function categories({ coding }: Answer, context: FeedContext): Element[] {
  const system = coding.system ? codeSystem(coding.system).term : coding.systemSent;
  return [
    category('mainSearchCriteria.v.c', coding.code),
    category('mainSearchCriteria.v.cs', system),
    category('mainSearchCriteria.v.dn', coding.display || (coding.originalText ?? '')),
    category('informationRecipient', context.parsed.request.context.recipient),
  ];
}

/** The feed of one answer as MedlinePlus Connect words it, key for key; the author and the title are our own. */
export function medlinePlusFeed(response: KnowledgeResponse, context: FeedContext): Element {
  const [answer] = response.answers;
  if (!answer) throw new RangeError('an answer is needed to make a feed');
  const { connector, updated, language, t } = context;
  const attributes = {
    'xml:base': `${MEDLINEPLUS}/`,
    'xml:lang': language,
    xmlns: 'http://www.w3.org/2005/Atom',
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  };
  const subtitle = t('feed.results', { name: connector.name, subject: renderSubject(answer) });
  return element(
    'feed',
    [
      textElement('title', connector.name),
      element('updated', updated),
      element('id', ''),
      connectorAuthor(connector, context.baseUrl),
      textElement('subtitle', renderNotices(answer, context) + subtitle),
      ...categories(answer, context),
      ...(context.parsed.explain ? [...context.parsed.unclear.map(explainReader), ...explainAnswer(answer)] : []),
      ...answer.matches.map((match) => toEntry(match, answer, context)),
    ],
    attributes,
  );
}
