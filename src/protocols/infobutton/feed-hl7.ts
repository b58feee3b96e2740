import { publisherTextIn, textIn, type Article } from '../../core/model/article.js';
import type { Answer, KnowledgeResponse, Match } from '../../core/answer/knowledge-response.js';
import { languagesFrom } from '../../core/model/language.js';
import { category, changedOn, connectorAuthor, textElement, element, type Element } from '../feed/atom.js';
import { absoluteUrl, languageLinks, linkType } from '../feed/language-links.js';
import { missText } from '../chart-texts.js';
import { createNameUuid } from '../feed/name-uuid.js';
import { criterionParameters, effectiveQuery } from './effective-query.js';
import { explainAnswer, explainPath, explainReader } from './explain.js';
import { markEntry, renderNotices, renderSubject, type FeedContext, summaryHtml } from './feed-context.js';

/** Repeatable elements of HL7's knowledge response. */
export const HL7_LISTS: ReadonlySet<string> = new Set(['author', 'contributor', 'link', 'category', 'entry', 'feed']);
/** A feed that stands alone is the document, not a list. */
export const HL7_SINGLE_LISTS: ReadonlySet<string> = new Set([...HL7_LISTS].filter((name) => name !== 'feed'));

const ATOM = 'http://www.w3.org/2005/Atom';

/** The effective query: only the parameters that were used. It returns this same feed. */
function selfAddress(answer: Answer, context: FeedContext): string {
  const { parsed, contentType, callback, baseUrl } = context;
  const query = effectiveQuery([answer.coding, ...answer.siblings], parsed.used);
  if (parsed.explain) query.append('explain', 'true');
  query.append('knowledgeResponseType', contentType);
  if (callback) query.append('callback', callback);
  return `${baseUrl}/infobutton?${query.toString()}`;
}

/** A category for each parameter that was used, each name and value once. */
function categories(answer: Answer, context: FeedContext): Element[] {
  const codings = [answer.coding, ...answer.siblings];
  const used = [...codings.flatMap(criterionParameters), ...context.parsed.used];
  return [...new Map(used.map(({ name, value }) => [`${name} ${value}`, category(name, value)])).values()];
}

/** A link to an article in the best language for the reader. */
function articleLink(article: Article, rel: string, context: FeedContext): Element[] {
  const text = textIn(article, languagesFrom(context.language));
  if (!text) return [];
  const { title, language } = text;
  const href = absoluteUrl(text.url, context.baseUrl);
  return [element('link', [], { href, rel, type: linkType(href), title, hreflang: language })];
}

function buildLinks(match: Match, response: KnowledgeResponse, context: FeedContext): Element[] {
  const { article, text } = match;
  const related = [...article.patientInstructions, ...article.relatedTopics].flatMap(
    (id) => response.related.get(id) ?? [],
  );
  const others = Object.values(article.texts).filter(({ language }) => language !== text.language);
  return [
    ...articleLink({ ...article, texts: { [text.language]: text } }, 'alternate', context),
    // Related, not alternate: feed readers take any alternate for the entry's page, some the last of them.
    ...others.flatMap((other) => articleLink({ ...article, texts: { [other.language]: other } }, 'related', context)),
    ...languageLinks(match, context.parsed.request.context, context.t),
    ...related.flatMap((other) => articleLink(other, 'related', context)),
  ];
}

function toEntry(match: Match, answer: Answer, response: KnowledgeResponse, context: FeedContext): Element {
  const { article, text, score } = match;
  const { publisher } = article;
  const words = publisherTextIn(publisher, text.language);
  const reviewed = article.reviewedOn ? `${article.reviewedOn}T00:00:00Z` : undefined;
  const rights = [words.rights, words.disclaimer].filter((part) => part !== '').join(' ');
  return element(
    'entry',
    [
      textElement('title', text.title),
      ...buildLinks(match, response, context),
      element('id', `${context.canonicalBase}/DocumentReference/${context.documentId(article.id, text.language)}`),
      element('updated', changedOn(article, context.releasedOn)),
      element('author', [element('name', publisher.name), ...(publisher.url ? [element('uri', publisher.url)] : [])]),
      ...article.reviewers.map((name) => element('contributor', [element('name', name)])),
      textElement('summary', summaryHtml(match, context.language, context.t), 'html'),
      category('relevanceScore', score.toFixed(2)),
      ...markEntry(match, answer, context),
      ...(context.parsed.explain ? [explainPath(match)] : []),
      ...(reviewed ? [element('published', reviewed)] : []),
      ...(rights ? [textElement('rights', rights)] : []),
    ],
    { 'xml:lang': text.language },
  );
}

function toFeed(
  answer: Answer,
  response: KnowledgeResponse,
  context: FeedContext,
  attributes: Record<string, string>,
): Element {
  const { connector, t } = context;
  const subject = renderSubject(answer);
  const subtitle = answer.miss
    ? t('feed.none', { subject, reason: missText(answer.miss, answer.coding.system, t) })
    : t('feed.results', { name: connector.name, subject });
  const self = selfAddress(answer, context);
  const publishers = new Map(answer.matches.map(({ article }) => [article.publisher.id, article.publisher]));
  const rights = [...publishers.values()].map((publisher) => publisherTextIn(publisher, context.language).rights);
  return element(
    'feed',
    [
      textElement('title', connector.name),
      textElement('subtitle', renderNotices(answer, context) + subtitle),
      connectorAuthor(connector, context.baseUrl),
      element('updated', context.updated),
      ...categories(answer, context),
      ...(context.parsed.explain ? [...context.parsed.unclear.map(explainReader), ...explainAnswer(answer)] : []),
      element('id', `urn:uuid:${createNameUuid(self.slice(context.baseUrl.length))}`),
      element('link', [], {
        href: self,
        rel: 'self',
        type: context.contentType,
        title: connector.name,
        hreflang: context.language,
      }),
      ...(rights.some((line) => line !== '')
        ? [textElement('rights', rights.filter((line) => line !== '').join(' '))]
        : []),
      ...answer.matches.map((match) => toEntry(match, answer, response, context)),
    ],
    { ...attributes, 'xml:lang': context.language },
  );
}

/**
 * HL7's knowledge response: a feed for one main search criterion, an aggregate of feeds for several.
 * Elements stand in the order of the standard's schema.
 * @param several whether the request named several criteria, though they may have turned out to be the same thing
 */
export function hl7Response(response: KnowledgeResponse, context: FeedContext, several: boolean): Element {
  const [first] = response.answers;
  if (!several && first) return toFeed(first, response, context, { xmlns: ATOM });
  const feeds = response.answers.map((answer) => toFeed(answer, response, context, {}));
  return element('aggregateKnowledgeResponse', feeds, { xmlns: ATOM, 'xml:lang': context.language });
}
