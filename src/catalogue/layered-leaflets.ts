import { inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import {
  DEFAULT_FACTS,
  DEFAULT_TEXT_FACTS,
  type Article,
  type ArticleText,
  type Publisher,
} from '../core/model/article.js';
import { CodeList } from '../core/codes/code-list.js';
import type { Coding } from '../core/codes/concept.js';
import { getOrAdd } from '../core/remember.js';
import {
  LEAFLET_ID_PREFIX,
  type LeafletChoice,
  type LeafletFacts,
  type NoLeafletReason,
} from '../core/leaflets/leaflet.js';
import { attributeLeaflet, titleLeaflet } from '../core/leaflets/leaflet-words.js';
import { LANGUAGES, type Language } from '../core/model/language.js';
import type { SitePolicy } from '../core/policy/site-policy.js';
import type { DrugLookup } from './drugs/drug-lookup.js';
import { NO_CODES } from './article-codes.js';
import type { ReleaseFile } from './releases/release-file.js';

/** Articles in memory; each is a few hundred bytes beside its text. */
const MOST_ARTICLES = 50;
const SET_ID = /^label-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const DAILYMED = 'https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=';

interface CodeRow {
  readonly setId: string;
  readonly maker: string;
  readonly reason: NoLeafletReason | null;
}

function buildPublisher(facts: LeafletFacts): Publisher {
  const texts = Object.fromEntries(
    LANGUAGES.map((language) => [
      language,
      { attribution: attributeLeaflet(facts, language), rights: '', disclaimer: '' },
    ]),
  );
  return { id: 'drug-labels', name: facts.maker, url: 'https://dailymed.nlm.nih.gov', licensed: false, texts };
}

function buildArticle(facts: LeafletFacts, texts: Readonly<Partial<Record<Language, string>>>): Article {
  const { setId, effectiveOn } = facts;
  const written = LANGUAGES.flatMap((language): [Language, ArticleText][] => {
    const html = texts[language];
    if (html === undefined) return [];
    const title = titleLeaflet(facts, language);
    const summary = { html, on: effectiveOn };
    return [[language, { ...DEFAULT_TEXT_FACTS, language, title, url: DAILYMED + setId, summary, origin: 'imported' }]];
  });
  const id = LEAFLET_ID_PREFIX + setId;
  const texted = Object.fromEntries(written);
  const publisher = buildPublisher(facts);
  return { id, kind: 'label', publisher, texts: texted, ...DEFAULT_FACTS, editionOn: effectiveOn, leaflet: facts };
}

/** Preferred makers, in lower case, the first one first, and suppressed articles. */
type LeafletPolicy = Pick<SitePolicy, 'leafletMakers' | 'suppressed'>;

/** Drugs' own leaflets in the releases in use: read in place, since they are long and many. */
export class LayeredLeaflets {
  readonly #files: readonly ReleaseFile[];
  readonly #drugs: DrugLookup | undefined;
  readonly #codes = new WeakMap<Article, CodeList>();
  readonly #policy: LeafletPolicy;
  readonly #articles = new LRUCache<string, Article>({ max: MOST_ARTICLES });

  /** @param files the highest layer first */
  constructor(files: readonly ReleaseFile[], drugs: DrugLookup | undefined, policy: LeafletPolicy) {
    this.#policy = policy;
    this.#files = files.filter(({ facts }) => facts.hasLeaflets === true);
    this.#drugs = drugs;
  }

  #readRows({ system, code }: Coding): CodeRow[] {
    for (const file of this.#files) {
      const rows = file.read<CodeRow>('leafletCodes', system, code);
      if (rows.length > 0) return rows;
    }
    return [];
  }

  /**
   * The leaflets of a package or a drug. A package that no label has takes those of its drug.
   * @returns undefined without an import, and for other systems
   */
  find(coding: Coding): LeafletChoice | undefined {
    const { leafletMakers: makers, suppressed } = this.#policy;
    if (this.#files.length === 0 || (coding.system !== 'ndc' && coding.system !== 'rxnorm')) return undefined;
    let rows = this.#readRows(coding);
    const drug = rows.length === 0 && coding.system === 'ndc' ? this.#drugs?.findDrugOfPackage(coding.code) : undefined;
    if (drug !== undefined) rows = this.#readRows({ system: 'rxnorm', code: drug });
    if (rows.length === 0) return { articles: [], reason: 'not-imported' };
    const place = ({ maker }: CodeRow): number => {
      const at = makers.findIndex((name) => maker.toLowerCase().includes(name));
      return at === -1 ? makers.length : at;
    };
    const shown = rows.filter(({ setId }) => setId !== '' && !suppressed.has(LEAFLET_ID_PREFIX + setId));
    const articles = [...shown].sort((a, b) => place(a) - place(b)).map(({ setId }) => LEAFLET_ID_PREFIX + setId);
    return { articles, reason: articles.length > 0 ? undefined : (rows[0]?.reason ?? 'suppressed') };
  }

  /** The article of a leaflet; undefined if no release has it. */
  findArticle(id: string): Article | undefined {
    const known = this.#articles.get(id);
    if (known) return known;
    const setId = SET_ID.exec(id)?.[1];
    if (setId === undefined) return undefined;
    for (const file of this.#files) {
      const [row] = file.read<{ facts: string; texts: Uint8Array }>('leaflet', setId);
      if (!row) continue;
      const texts = JSON.parse(inflateRawSync(row.texts).toString()) as Partial<Record<Language, string>>;
      if (Object.keys(texts).length === 0) return undefined;
      const article = buildArticle(JSON.parse(row.facts) as LeafletFacts, texts);
      this.#articles.set(id, article);
      return article;
    }
    return undefined;
  }

  /** The packages and drugs that have a leaflet; the same object for as long as the article is in memory. */
  findCodes(id: string): CodeList {
    const article = this.findArticle(id);
    const setId = article?.leaflet?.setId;
    if (!article || setId === undefined) return NO_CODES;
    return getOrAdd(this.#codes, article, () => {
      const rows = this.#files.flatMap((file) => file.read<Coding>('codesOfLeaflet', setId));
      return CodeList.of(rows.map((coding) => ({ ...coding, relationship: 'equivalent' })));
    });
  }

  /** Ids of leaflets whose products, ingredients or maker have a word, up to a maximum. */
  findByWord(word: string, most: number): string[] {
    const found = this.#files.flatMap((file) => file.read<{ setId: string }>('leafletsByWord', word, most));
    return [...new Set(found.map(({ setId }) => LEAFLET_ID_PREFIX + setId))].slice(0, most);
  }
}
