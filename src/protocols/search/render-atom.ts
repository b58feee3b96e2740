import { codeSystem } from '../../core/code-systems.js';
import type { ArticleHit, ConceptHit, SearchHit } from '../../core/search-hit.js';
import { absoluteUrl } from '../article-url.js';
import { category, connectorAuthor, textElement } from '../atom.js';
import type { Element } from '../element.js';
import { element } from '../element.js';
import { renderXml } from '../render-xml.js';
import { explainUnderstanding } from '../understanding-text.js';
import type { SearchAnswer } from './answer.js';

const facts = ({ kind, matched }: SearchHit): Element[] => [category('kind', kind), category('matched', matched)];

function articleEntry(hit: ArticleHit, { canonicalBase, baseUrl, updated }: SearchAnswer): Element {
  const { article, text, sensitivity } = hit;
  const href = absoluteUrl(text.url, baseUrl);
  return element(
    'entry',
    [
      textElement('title', text.title),
      element('link', [], { href, rel: 'alternate', hreflang: text.language }),
      element('id', `${canonicalBase}/article/${article.id}`),
      element('updated', updated),
      element('author', [element('name', article.publisher.name)]),
      ...facts(hit),
      ...(sensitivity ? [category('sensitivity', sensitivity)] : []),
    ],
    { 'xml:lang': text.language },
  );
}

function conceptEntry(hit: ConceptHit, { canonicalBase, updated }: SearchAnswer): Element {
  const { system, code, title } = hit.concept;
  const { uri, label } = codeSystem(system);
  return element('entry', [
    textElement('title', title),
    element('id', `${canonicalBase}/code/${system}/${encodeURIComponent(code)}`),
    element('updated', updated),
    ...facts(hit),
    element('category', [], { scheme: uri, term: code, label }),
    // An entry without a link to what it is about has content (RFC 4287, 4.1.2).
    textElement('content', `${label} ${code}`),
  ]);
}

/** The meanings of an abbreviation: what to search for instead. None of their articles is an entry. */
function readingCategories(understood: SearchAnswer['understood']): Element[] {
  if (understood.kind !== 'abbreviation') return [];
  return understood.readings.map(({ means, query }) =>
    element('category', [], { scheme: 'reading', term: query, label: means }),
  );
}

/** Renders what was found as an Atom feed (RFC 4287). */
export function renderAtom(answer: SearchAnswer): string {
  const { query, understood, language, t, release, connector, canonicalBase, updated } = answer;
  const { hits } = understood;
  const reason = explainUnderstanding(understood, t);
  const entries = hits.map((hit) => (hit.kind === 'article' ? articleEntry(hit, answer) : conceptEntry(hit, answer)));
  const feed = element(
    'feed',
    [
      textElement('title', connector.name),
      textElement('subtitle', reason?.text ?? t('feed.results', { name: connector.name, subject: query })),
      element('id', `${canonicalBase}/search`),
      element('updated', updated),
      connectorAuthor(connector),
      category('release', release),
      category('understood', understood.kind),
      ...(reason ? [category('reason', reason.code)] : []),
      ...readingCategories(understood),
      element('opensearch:itemsPerPage', String(hits.length)),
      ...entries,
    ],
    {
      'xml:lang': language,
      xmlns: 'http://www.w3.org/2005/Atom',
      'xmlns:opensearch': 'http://a9.com/-/spec/opensearch/1.1/',
    },
  );
  return renderXml(feed);
}
