import type { Article, ArticleKind, ArticleText, Publisher, Summary } from '../core/model/article.js';
import { ARTICLE_KINDS, DEFAULT_FACTS, DEFAULT_TEXT_FACTS } from '../core/model/article.js';
import type { Language } from '../core/model/language.js';
import { mergeFields } from '../core/model/layers.js';
import type { Layer } from '../core/model/library.js';
import type { ArticleFacts, LinkCheck, TextFacts } from '../build/source.js';
import type { ReleasePlace, StoredPart } from './releases/release-file.js';

/** The content of a text in one release, without its article and language. */
export type TextPart = Partial<ArticleText> & Pick<TextFacts, 'linkCheck'>;

/** A text as it is stored: without the columns of its key. */
export type StoredTextFacts = Omit<TextFacts, 'article' | 'language'>;

/** A stored text, with its summary in memory. */
export function toTextPart({ summaryHtml, summaryOn, ...text }: StoredTextFacts): TextPart {
  return summaryHtml === undefined ? text : { ...text, summary: { html: summaryHtml, on: summaryOn } };
}

/** The content of an article in a release of a layer. */
export interface LayeredPart {
  readonly layer: Layer;
  /** Undefined: no more than texts. */
  readonly facts: Omit<ArticleFacts, 'id'> | undefined;
  readonly texts: Readonly<Partial<Record<Language, TextPart>>>;
}

/** Parses the rows of an article. An imported summary is of the day of its file unless it states its own. */
export function readPart({ layer, builtOn }: ReleasePlace, { facts, texts }: StoredPart): LayeredPart {
  const day = layer === 'imported' ? { summaryOn: builtOn } : {};
  const read = texts.map(({ language, facts: stored }): [Language, TextPart] => {
    return [language, toTextPart({ ...day, ...(JSON.parse(stored) as StoredTextFacts) })];
  });
  return {
    layer,
    facts: facts === undefined ? undefined : (JSON.parse(facts) as LayeredPart['facts']),
    texts: Object.fromEntries(read),
  };
}

const NO_PUBLISHER: Publisher = { id: 'unknown', name: '', url: '', licensed: true, texts: {} };

function readKind(id: string): ArticleKind {
  return ARTICLE_KINDS.find((kind) => id.startsWith(`${kind}-`)) ?? 'local';
}

/** A text after the visit to its address: undefined where its page is gone, or where nothing but a visit is known of it. */
function withCheck(text: ArticleText, check: LinkCheck | undefined): ArticleText | undefined {
  if (!check) return text;
  if (text.url === '') return undefined;
  if (text.url !== check.url) return text;
  if (check.isGone) return undefined;
  return { ...text, origin: text.origin === 'recalled' ? 'confirmed' : text.origin, seenOn: check.day };
}

/**
 * The summary that counts: the highest layer's, but of those that ship and those of an import the newer, so that an import of long ago does
 * not hide what came with the program since.
 * @param versions the lowest layer first
 */
export function chooseSummary(
  versions: readonly { readonly layer: Layer; readonly summary: Summary | undefined }[],
): Summary | undefined {
  let chosen: Summary | undefined;
  for (const { layer, summary } of versions) {
    const isOlder = layer === 'imported' && (summary?.on ?? '') < (chosen?.on ?? '');
    if (summary && !isOlder) chosen = summary;
  }
  return chosen;
}

/**
 * Merges the facts of releases about one article, field by field: the highest layer's value counts, within a layer the later release's.
 * @param parts of one layer the earlier release first
 */
export function mergeParts(
  id: string,
  parts: readonly LayeredPart[],
  publishers: ReadonlyMap<string, Publisher>,
): Article {
  const merged = mergeFields<Omit<ArticleFacts, 'id'>>(
    parts.flatMap(({ layer, facts }) => (facts ? [{ layer, fields: facts }] : [])),
  );
  const languages = new Set(parts.flatMap((part) => Object.keys(part.texts) as Language[]));
  const texts: Partial<Record<Language, ArticleText>> = {};
  for (const language of [...languages].sort()) {
    const versions = parts.flatMap(({ layer, texts: { [language]: fields } }) => (fields ? [{ layer, fields }] : []));
    const { linkCheck, ...fields } = mergeFields<TextPart>(versions);
    // Objects of one shape are read fast: they have their defaults, and the spread comes last (decision 056).
    const summary = chooseSummary(versions.map(({ layer, fields: { summary: of } }) => ({ layer, summary: of })));
    const text = withCheck({ language, ...DEFAULT_TEXT_FACTS, ...fields, summary }, linkCheck);
    if (text) texts[language] = text;
  }
  const { publisher: publisherId = '', ...own } = merged;
  const publisher = publishers.get(publisherId) ?? NO_PUBLISHER;
  return { id, kind: readKind(id), publisher, texts, ...DEFAULT_FACTS, ...own };
}
