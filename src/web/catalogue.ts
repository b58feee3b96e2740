import { ARTICLE_KINDS, type Article, type ArticleKind, type Publisher } from '../core/model/article.js';
import { CODE_SYSTEMS, type CodeSystemId } from '../core/codes/code-systems.js';
import { languagesFrom, type Language } from '../core/model/language.js';
import type { Library } from '../core/model/library.js';
import { getOrAdd } from '../core/remember.js';
import { Collected, PerArticle } from '../protocols/long-work/collected.js';
import { findChapter } from './chapters.js';

/** An article as a list names it. */
export interface Listed {
  readonly id: string;
  readonly kind: ArticleKind;
  /** Names of the groups under which its publisher lists it. */
  readonly groups: readonly string[];
  readonly titles: Readonly<Partial<Record<Language, string>>>;
}

/** How much of a code system the library holds. */
export interface SystemCounts {
  readonly system: CodeSystemId;
  /** Codes with articles by rows of their own. */
  readonly mapped: number;
  /** Codes with a title. */
  readonly described: number;
}

/** All that the library lists, for browsing and counting: built from what is in memory. */
export interface Catalogue {
  readonly articles: readonly Listed[];
  /** By the key of a chapter of ICD-10-CM: the articles that its codes lead to. */
  readonly byChapter: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of all groups, in their order; none if no imported file has any. */
  readonly groups: readonly string[];
  readonly systems: readonly SystemCounts[];
  /** Who wrote them, each once. */
  readonly publishers: readonly Publisher[];
}

const PAGE = 1000;

/** Listed facts of an article, and its author. */
interface Entry {
  readonly listed: Listed;
  readonly publisher: Publisher;
}

function toEntry({ id, kind, groups, texts, publisher }: Article): Entry {
  const titles = Object.fromEntries(Object.values(texts).map(({ language, title }) => [language, title]));
  return { listed: { id, kind, groups, titles }, publisher };
}

/** Reads the articles that the rows of a code system lead to. */
function readMapped(library: Library, system: CodeSystemId) {
  const codes = new Set<string>();
  const byChapter = new Map<string, Set<string>>();
  for (let after = ''; ;) {
    const rows = library.terminology.listMappings(system, after, PAGE);
    const last = rows.at(-1);
    // Other systems than ICD-10-CM have no chapters.
    if (!last) return { codes: codes.size, byChapter };
    for (const { code, article } of rows) {
      if (article === undefined) continue;
      codes.add(code);
      const key = system === 'icd-10-cm' ? findChapter(code)?.key : undefined;
      if (key === undefined) continue;
      getOrAdd(byChapter, key, () => new Set<string>()).add(article);
    }
    after = last.code;
  }
}

type Mapped = ReturnType<typeof readMapped>;

/** Collects the articles that the rows of all systems lead to; read again after a swap that changes rows. */
function collectMappings(library: Library): Collected<Parts['mapped']> {
  const all = CODE_SYSTEMS.map(({ id }) => id);
  return new Collected<Parts['mapped']>(library, {
    collect: () => new Map(all.map((system) => [system, readMapped(library, system)])),
    of: all.map((system) => ({ mappings: system })),
  });
}

interface Parts {
  readonly entries: readonly Entry[];
  readonly mapped: ReadonlyMap<CodeSystemId, Mapped>;
  readonly described: ReadonlyMap<CodeSystemId, number>;
}

function toCatalogue({ entries, mapped, described }: Parts): Catalogue {
  const order = ({ listed }: Entry): number => ARTICLE_KINDS.indexOf(listed.kind);
  const sorted = [...entries].sort((a, b) => order(a) - order(b) || (a.listed.id < b.listed.id ? -1 : 1));
  const articles = sorted.map(({ listed }) => listed);
  const publishers = new Map(sorted.map(({ publisher }) => [publisher.id, publisher]));
  const systems = CODE_SYSTEMS.flatMap(({ id }): SystemCounts[] => {
    const counts = { system: id, mapped: mapped.get(id)?.codes ?? 0, described: described.get(id) ?? 0 };
    return id === 'drug-name' || counts.mapped + counts.described === 0 ? [] : [counts];
  });
  return {
    articles,
    byChapter: mapped.get('icd-10-cm')?.byChapter ?? new Map<string, Set<string>>(),
    groups: [...new Set(articles.flatMap(({ groups }) => groups))].sort(),
    systems,
    publishers: [...publishers.values()],
  };
}

/** A title with its language. */
export interface ListedTitle {
  readonly title: string;
  readonly language: Language;
}

/** The title of a listed article in a language, else in another. */
export function findListedTitle({ titles }: Listed, language: Language): ListedTitle | undefined {
  const found = languagesFrom(language).find((one) => titles[one] !== undefined);
  return found && { title: titles[found] ?? '', language: found };
}

/** Creates the reader of the active release's catalogue: what a swap did not change is not read again. */
export function createCatalogue(library: Library) {
  const entries = new PerArticle<Entry>(library, (articles) => articles.map(toEntry));
  const mappings = collectMappings(library);
  let cached: { parts: Parts; catalogue: Catalogue } | undefined;
  return {
    read: async (): Promise<Catalogue> => {
      const parts = {
        entries: await entries.all(),
        mapped: await mappings.get(),
        described: library.status().concepts,
      };
      const isMade = (Object.keys(parts) as (keyof Parts)[]).every((key) => cached?.parts[key] === parts[key]);
      if (!cached || !isMade) cached = { parts, catalogue: toCatalogue(parts) };
      return cached.catalogue;
    },
  };
}

/** Reads what the library lists now. */
export type CatalogueReader = ReturnType<typeof createCatalogue>;
