import { codeSystem } from '../../core/codes/code-systems.js';
import type { ArticleHit, ConceptHit, SearchHit } from '../../core/search/search-hit.js';
import { absoluteUrl, languageLinks } from '../feed/language-links.js';
import {
  changedOn,
  connectorAuthor,
  ownCategory,
  textElement,
  element,
  type Element,
  renderXml,
} from '../feed/atom.js';
import { listReadings } from '../../core/words/understanding.js';
import { listNextSteps, type NextStep } from '../next-steps.js';
import { explainCode, explainUnderstanding, noticeOfUnderstanding } from '../understanding-text.js';
import type { SearchAnswer } from './answer.js';

const facts = ({ kind, matched }: SearchHit, { canonicalBase }: SearchAnswer): Element[] => [
  ownCategory(canonicalBase, 'kind', kind),
  ownCategory(canonicalBase, 'matched', matched),
];

function articleEntry(hit: ArticleHit, answer: SearchAnswer): Element {
  const { canonicalBase, baseUrl, releasedOn, reader, t } = answer;
  const { article, text, sensitivity } = hit;
  const href = absoluteUrl(text.url, baseUrl);
  return element(
    'entry',
    [
      textElement('title', text.title),
      element('link', [], { href, rel: 'alternate', hreflang: text.language }),
      ...(reader.foreignLanguage === undefined ? [] : languageLinks(hit, reader, t)),
      element('id', `${canonicalBase}/article/${article.id}`),
      element('updated', changedOn(article, releasedOn)),
      element('author', [element('name', article.publisher.name)]),
      ...facts(hit, answer),
      ...(sensitivity ? [ownCategory(canonicalBase, 'sensitivity', sensitivity)] : []),
    ],
    { 'xml:lang': text.language },
  );
}

function conceptEntry(hit: ConceptHit, answer: SearchAnswer): Element {
  const { canonicalBase, releasedOn } = answer;
  const { system, code, title } = hit.concept;
  const { uri, label } = codeSystem(system);
  return element('entry', [
    textElement('title', title),
    element('id', `${canonicalBase}/code/${system}/${encodeURIComponent(code)}`),
    element('updated', `${releasedOn}T00:00:00Z`),
    ...facts(hit, answer),
    element('category', [], { scheme: uri, term: code, label }),
    // An entry without a link to what it is about has content (RFC 4287, 4.1.2).
    textElement('content', `${label} ${code}`),
  ]);
}

/** The meanings of an abbreviation: what to search for instead. None of their articles is an entry. */
function readingCategories({ understood, canonicalBase }: SearchAnswer): Element[] {
  return (listReadings(understood) ?? []).map(({ means, query }) =>
    ownCategory(canonicalBase, 'reading', query, means),
  );
}

/** A next step as a link to another site, or as what to search for instead. */
function nextStepElements({ text, query, url }: NextStep, { canonicalBase }: SearchAnswer): Element[] {
  if (query !== undefined) return [ownCategory(canonicalBase, 'next-step', query, text)];
  return url === undefined ? [] : [element('link', [], { rel: 'related', href: url, title: text })];
}

/** Renders the results as an Atom feed (RFC 4287). */
export function renderAtom(answer: SearchAnswer): string {
  const { understood, language, notice, t, connector, canonicalBase, baseUrl } = answer;
  const { hits } = understood;
  const self = `${baseUrl}/search?${answer.effectiveQuery}&_format=atom`;
  const reason = explainUnderstanding(understood, t) ?? explainCode(answer.query, understood, answer);
  const remark = noticeOfUnderstanding(understood, t);
  const found = t('feed.results', { name: connector.name, subject: answer.query });
  const isDrug = reason !== undefined && understood.kind === 'drug';
  const next = isDrug ? [`${t('words.drugNextStep')}.`] : [];
  const steps = listNextSteps(understood, t, language);
  const results = [remark?.text, reason?.text ?? found, ...next].filter((text) => text !== undefined).join(' ');
  const entries = hits.map((hit) => (hit.kind === 'article' ? articleEntry(hit, answer) : conceptEntry(hit, answer)));
  const feed = element(
    'feed',
    [
      textElement('title', connector.name),
      textElement('subtitle', notice ? `${notice.text} ${results}` : results),
      element('id', `${canonicalBase}/search`),
      element('updated', answer.updated),
      connectorAuthor(connector, baseUrl),
      element('link', [], { rel: 'self', type: 'application/atom+xml', href: self, hreflang: language }),
      ownCategory(canonicalBase, 'release', answer.release),
      ownCategory(canonicalBase, 'understood', understood.kind),
      ...(reason ? [ownCategory(canonicalBase, 'reason', reason.code)] : []),
      ...(remark ? [ownCategory(canonicalBase, 'remark', remark.code)] : []),
      ...readingCategories(answer),
      ...steps.flatMap((step) => nextStepElements(step, answer)),
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
