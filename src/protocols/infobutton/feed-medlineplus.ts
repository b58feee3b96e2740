import { codeSystem } from '../../core/codes/code-systems.js';
import type { Answer, KnowledgeResponse, Match } from '../../core/answer/knowledge-response.js';
import { absoluteUrl, ownLanguageLinks } from '../feed/language-links.js';
import { category, connectorAuthor, textElement, element, type Element } from '../feed/atom.js';
import { explainAnswer, explainPath, explainReader } from './explain.js';
import { markEntry, renderNotices, renderSubject, type FeedContext, summaryHtml } from './feed-context.js';

/** Repeatable elements in MedlinePlus Connect's JSON: a feed's author is an object there. */
export const MEDLINEPLUS_LISTS: ReadonlySet<string> = new Set(['category', 'entry', 'link']);

const MEDLINEPLUS = 'https://medlineplus.gov';

/** MedlinePlus counts its visitors by these; NLM asks for them on links out of Connect. */
function withCampaign(url: string, medium: 'service' | 'application'): string {
  if (!url.startsWith(`${MEDLINEPLUS}/`)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}utm_source=mplusconnect&utm_medium=${medium}`;
}

const ADDRESS = /^https?:\/\/([^/?#]+)([^?#]*)/;

/** `tag: medlineplus.gov, YYYY-DD-MM:/path?…`: the form that clients know, day before month. Test pages carry no query. */
function entryId(url: string, updated: string): string {
  const [origin = '', host = '', path = ''] = ADDRESS.exec(url) ?? [];
  const isTest = path.startsWith('/lab-tests/');
  const tail = isTest ? path : withCampaign(url, 'application').slice(origin.length - path.length);
  return `tag: ${host}, ${updated.slice(0, 5)}${updated.slice(8, 10)}${updated.slice(4, 7)}:${tail}`;
}

function toEntry(match: Match, answer: Answer, context: FeedContext): Element {
  const { updated, language, t, baseUrl } = context;
  const url = absoluteUrl(match.text.url, baseUrl);
  return element('entry', [
    textElement('title', match.text.title),
    element('link', [], { href: withCampaign(url, 'service'), rel: 'alternate' }),
    ...ownLanguageLinks(match, context.parsed.request.context, t),
    element('id', entryId(url, updated)),
    textElement('summary', summaryHtml(match, language, t), 'html'),
    element('updated', updated),
    ...markEntry(match, answer, context),
    ...(context.parsed.explain ? [explainPath(match)] : []),
  ]);
}

/** The feed of one answer as MedlinePlus Connect words it, key for key; the author and the title are our own. */
export function medlinePlusFeed(response: KnowledgeResponse, context: FeedContext): Element {
  const [answer] = response.answers;
  if (!answer) throw new RangeError('an answer is needed to make a feed');
  const { coding } = answer;
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
      // MedlinePlus Connect's four, in its order: code and title as sent, the system by its label.
      category('mainSearchCriteria.v.c', coding.code),
      category('mainSearchCriteria.v.cs', coding.system ? codeSystem(coding.system).term : coding.systemSent),
      category('mainSearchCriteria.v.dn', coding.display || (coding.originalText ?? '')),
      category('informationRecipient', context.parsed.request.context.recipient),
      ...(context.parsed.explain ? [...context.parsed.unclear.map(explainReader), ...explainAnswer(answer)] : []),
      ...answer.matches.map((match) => toEntry(match, answer, context)),
    ],
    attributes,
  );
}
