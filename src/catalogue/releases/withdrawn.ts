import type { Article, Publisher } from '../../core/model/article.js';
import type { Language } from '../../core/model/language.js';
import type { WithdrawnArticle } from '../../core/model/library.js';
import { getOrAdd } from '../../core/remember.js';
import {
  mergeParts,
  readPart,
  toTextPart,
  type LayeredPart,
  type StoredTextFacts,
  type TextPart,
} from '../layered-articles.js';
import { newestDay, reportsWithdrawn } from './release-facts.js';
import { ReleaseFile, type ReleasePlace } from './release-file.js';

interface LastKnownRow {
  readonly kind: 'text' | 'article' | 'publisher';
  readonly id: string;
  readonly language: Language;
  readonly facts: string;
}

/** The last content that a source had of what it no longer offers. */
interface LastKnown {
  readonly parts: Map<string, { facts: LayeredPart['facts']; texts: Record<string, TextPart> }>;
  readonly publishers: Map<string, Publisher>;
}

/** Takes rows of which nothing later is known yet. */
function take({ parts, publishers }: LastKnown, rows: readonly LastKnownRow[]): void {
  for (const { kind, id, language, facts } of rows) {
    if (kind === 'publisher') {
      if (!publishers.has(id)) publishers.set(id, JSON.parse(facts) as Publisher);
      continue;
    }
    const part = getOrAdd(parts, id, () => ({ facts: undefined, texts: {} }));
    if (kind === 'article') part.facts ??= JSON.parse(facts) as LayeredPart['facts'];
    else part.texts[language] ??= toTextPart(JSON.parse(facts) as StoredTextFacts);
  }
}

/** Reads a release that is not in use: all its content is last known unless its source has something later. */
function readWhole(place: ReleasePlace, into: LastKnown): void {
  const file = ReleaseFile.open(place);
  try {
    const of = (kind: LastKnownRow['kind'], rows: { readonly id: string; readonly facts: string }[]): LastKnownRow[] =>
      rows.map((row) => ({ language: '' as Language, ...row, kind }));
    take(into, of('text', file.read('texts')));
    take(into, of('article', file.read('articles')));
    take(into, of('publisher', file.read('publishers')));
    take(into, file.read<LastKnownRow>('lastKnown'));
  } finally {
    file.close();
  }
}

/** A source's release in use, and those retained beside it, the last used first. */
export interface SourceReleases {
  readonly inUse: ReleaseFile | undefined;
  readonly retained: readonly ReleasePlace[];
}

/** Leaves out texts without an address: a layer may have changed something else of another source's text. */
function withAddresses(article: Article): Article {
  const texts = Object.entries(article.texts).filter(([, { url }]) => url !== '');
  return { ...article, texts: Object.fromEntries(texts) };
}

/** Withdrawn articles of a library: read on first use. */
export class Withdrawn {
  readonly #sources: readonly SourceReleases[];
  readonly #offered: (id: string) => Article | undefined;
  readonly #publishers: ReadonlyMap<string, Publisher>;
  #known:
    | { readonly bySource: readonly (readonly [SourceReleases, LastKnown])[]; readonly ids: readonly string[] }
    | undefined;

  /**
   * @param sources every source, those of lower layers first
   * @param offered an article as it is offered
   */
  constructor(
    sources: readonly SourceReleases[],
    publishers: ReadonlyMap<string, Publisher>,
    offered: (id: string) => Article | undefined,
  ) {
    this.#sources = sources;
    this.#publishers = publishers;
    this.#offered = offered;
  }

  /** Ids of articles of which a text may be no longer offered. What a site has written and deleted is not among them. */
  list(): readonly string[] {
    return this.#read().ids;
  }

  #read() {
    this.#known ??= this.#readNow();
    return this.#known;
  }

  #readNow() {
    const bySource = this.#sources.map((source): readonly [SourceReleases, LastKnown] => {
      const known: LastKnown = { parts: new Map(), publishers: new Map() };
      const { inUse } = source;
      const isLater = ({ id }: ReleasePlace): boolean => inUse === undefined || id > inUse.place.id;
      // After a rollback the release that was left is the later one. Of all others the one in use tells itself.
      for (const place of source.retained.filter(reportsWithdrawn).filter(isLater)) readWhole(place, known);
      if (inUse && reportsWithdrawn(inUse.place)) take(known, inUse.read<LastKnownRow>('lastKnown'));
      return [source, known];
    });
    const ids = new Set<string>();
    for (const [{ inUse }, { parts }] of bySource) {
      for (const [id, { texts }] of parts) if (this.#lacks(id, Object.keys(texts) as Language[])) ids.add(id);
      if (inUse?.place.source !== 'link-check') continue;
      for (const { id } of inUse.read<{ id: string }>('gonePages')) ids.add(id);
    }
    return { bySource, ids: [...ids].sort() };
  }

  /** Whether no release in use but a check of links has one of an article's texts. */
  #lacks(id: string, languages: readonly Language[]): boolean {
    return languages.some((language) =>
      this.#sources.every(({ inUse }) => {
        return !inUse || inUse.place.source === 'link-check' || !inUse.has('text', id, language);
      }),
    );
  }

  /** The current or last known content of an article in every source. */
  #listLastKnown(id: string): LayeredPart[] {
    return this.#read().bySource.flatMap(([{ inUse, retained }, { parts }]): LayeredPart[] => {
      const [place = inUse?.place] = retained;
      const stored = inUse?.findPart(id);
      const now = inUse && stored && readPart(inUse.place, stored);
      const then = parts.get(id);
      if (!place || !reportsWithdrawn(place) || (!now && !then)) return [];
      return [{ layer: place.layer, facts: now?.facts ?? then?.facts, texts: { ...then?.texts, ...now?.texts } }];
    });
  }

  /** The day of the newest release of the sources that say anything of an article, or did; visits to pages among them. */
  #findDate(id: string): string {
    const places = this.#read().bySource.flatMap(([{ inUse, retained }, { parts }]) => {
      const [place] = inUse ? [inUse.place] : retained;
      return place && (parts.has(id) || inUse?.findPart(id)) ? [place] : [];
    });
    return newestDay(places);
  }

  /** Last known versions of withdrawn articles; unknown ids are omitted. */
  find(ids: readonly string[]): WithdrawnArticle[] {
    const known = this.#read().bySource.flatMap(([, { publishers }]) => [...publishers]);
    const publishers = new Map([...known, ...this.#publishers]);
    return ids.flatMap((id): WithdrawnArticle[] => {
      const article = withAddresses(mergeParts(id, this.#listLastKnown(id), publishers));
      const offered = this.#offered(id)?.texts;
      const languages = (Object.keys(article.texts) as Language[]).filter((language) => !offered?.[language]);
      if (languages.length === 0) return [];
      const texts = { ...article.texts, ...offered };
      return [{ article: { ...article, texts }, languages, date: this.#findDate(id) }];
    });
  }
}
