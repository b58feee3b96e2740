import { hash } from 'node:crypto';
import {
  type Article,
  type Publisher,
  type ArticleText,
  type Summary,
  ARTICLE_KINDS,
  DEFAULT_FACTS,
  DEFAULT_TEXT_FACTS,
} from '../core/model/article.js';
import { type ReleaseIdentity, LAYERS, type Layer } from '../core/model/library.js';
import { firstPlace } from '../core/first-place.js';
import type { ReleaseFile, StoredPart, ReleasePlace } from './releases/release-file.js';
import type { Language } from '../core/model/language.js';
import type { ArticleFacts, LinkCheck, TextFacts } from '../build/source.js';

/** An article as it was merged last, with a digest of its rows, and a mark of the catalogue that looked last. */
interface Merged {
  readonly mark: object;
  readonly digest: string;
  readonly article: Article;
}

/** The articles of releases in their layers. */
export class LayeredArticles {
  readonly #files: readonly ReleaseFile[];
  readonly publishers: ReadonlyMap<string, Publisher>;
  readonly #publisherRows: string;
  /** By id; a catalogue hands them on to the next, so that an article which a swap did not touch stays the same object. */
  readonly #merged: Map<string, Merged>;
  readonly #mark = {};
  #ids: readonly string[] | undefined;

  /**
   * @param files the lowest layer first, and of one layer the earliest
   * @param before the articles of the catalogue before
   */
  constructor(files: readonly ReleaseFile[], before?: LayeredArticles) {
    this.#files = files.filter(({ articleIds }) => articleIds.length > 0);
    const rows = files.flatMap((file) => file.read<{ id: string; facts: string }>('publishers'));
    this.publishers = new Map(rows.map(({ id, facts }) => [id, JSON.parse(facts) as Publisher]));
    this.#publisherRows = JSON.stringify(rows);
    const isStill = before !== undefined && before.#publisherRows === this.#publisherRows;
    this.#merged = isStill ? before.#merged : new Map<string, Merged>();
  }

  /** An article, layers merged field by field; the same object until a release changes it. */
  find(id: string): Article | undefined {
    const known = this.#merged.get(id);
    if (known?.mark === this.#mark) return known.article;
    const stored = this.#files.flatMap((file): { file: ReleaseFile; part: StoredPart }[] => {
      const part = file.findPart(id);
      return part ? [{ file, part }] : [];
    });
    if (stored.length === 0) return undefined;
    const digest = hash(
      'sha1',
      JSON.stringify(stored.map(({ file, part }) => [file.place.layer, file.place.builtOn, part])),
    );
    const article =
      known?.digest === digest
        ? known.article
        : mergeParts(
            id,
            stored.map(({ file, part }) => readPart(file.place, part)),
            this.publishers,
          );
    this.#merged.set(id, { mark: this.#mark, digest, article });
    return article;
  }

  /** Whether any release of these has a text of it. @param isMeant undefined: all but a check of links */
  hasText(id: string, isMeant: (of: ReleaseIdentity) => boolean = ({ source }) => source !== 'link-check'): boolean {
    return this.#files.some((file) => isMeant(file.place) && file.has('hasText', id));
  }

  /** The ids of all articles, sorted. */
  get ids(): readonly string[] {
    this.#ids ??= [...new Set(this.#files.flatMap(({ articleIds }) => articleIds))].sort();
    return this.#ids;
  }

  idsByPrefix(prefix: string): string[] {
    const { ids } = this;
    const from = firstPlace(ids, (id) => id >= prefix);
    let to = from;
    while (ids[to]?.startsWith(prefix)) to += 1;
    return ids.slice(from, to);
  }
}

const findHeight = (layer: Layer): number => LAYERS.length - LAYERS.indexOf(layer);

/** Merges versions of one thing field by field: the highest layer with a value wins. */
export function mergeFields<T extends object>(
  versions: readonly { readonly layer: Layer; readonly fields: Partial<T> }[],
): Partial<T> {
  const merged: Partial<T> = {};
  for (const { fields } of [...versions].sort((a, b) => findHeight(a.layer) - findHeight(b.layer))) {
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) Object.assign(merged, { [name]: value });
    }
  }
  return merged;
}

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

/** A text after the visit to its address: undefined where its page is gone, or where nothing but a visit is known of it. */
function withCheck(text: ArticleText, check: LinkCheck): ArticleText | undefined {
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
    const read = { language, ...DEFAULT_TEXT_FACTS, ...fields, summary };
    const text = linkCheck ? withCheck(read, linkCheck) : read;
    if (text) texts[language] = text;
  }
  const { publisher: publisherId = '', ...own } = merged;
  const publisher = publishers.get(publisherId) ?? NO_PUBLISHER;
  const kind = ARTICLE_KINDS.find((one) => id.startsWith(`${one}-`)) ?? 'local';
  return { id, kind, publisher, texts, ...DEFAULT_FACTS, ...own };
}
