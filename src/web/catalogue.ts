import type { Article, ArticleKind, Publisher } from '../core/article.js';
import { ARTICLE_KINDS } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import { CODE_SYSTEMS } from '../core/code-systems.js';
import type { Language } from '../core/language.js';
import { languagesFrom } from '../core/language.js';
import type { Library } from '../core/library.js';
import { contentKey } from '../core/library.js';
import { chapterOf } from './chapters.js';

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

/** All that the library lists, as browsing and counting need it: made once for each release, and held in memory. */
export interface Catalogue {
  readonly articles: readonly Listed[];
  /** By the key of a chapter of ICD-10-CM: the articles that its codes lead to. */
  readonly byChapter: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of all groups, in their order; none where no publisher's file has brought any. */
  readonly groups: readonly string[];
  readonly systems: readonly SystemCounts[];
  /** Who wrote them, each once. */
  readonly publishers: readonly Publisher[];
}

const BATCH = 500;

/** Lets other requests through: a file is read without a pause otherwise. */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

function toListed({ id, kind, groups, texts }: Article): Listed {
  const titles = Object.fromEntries(Object.values(texts).map(({ language, title }) => [language, title]));
  return { id, kind, groups, titles };
}

async function listArticles(library: Library): Promise<Pick<Catalogue, 'articles' | 'publishers'>> {
  const listed: Listed[] = [];
  const publishers = new Map<string, Publisher>();
  for (const kind of ARTICLE_KINDS) {
    const ids = await library.findArticleIdsByPrefix(`${kind}-`);
    for (let from = 0; from < ids.length; from += BATCH) {
      const articles = await library.findArticles(ids.slice(from, from + BATCH));
      listed.push(...articles.map(toListed));
      await pause();
      for (const { publisher } of articles) publishers.set(publisher.id, publisher);
    }
  }
  return { articles: listed, publishers: [...publishers.values()] };
}

async function readCatalogue(library: Library): Promise<Catalogue> {
  const { articles, publishers } = await listArticles(library);
  const described = await library.countConcepts();
  const byChapter = new Map<string, Set<string>>();
  const systems: SystemCounts[] = [];
  for (const { id } of CODE_SYSTEMS) {
    await pause();
    const rows = (await library.listMappings(id)).filter(({ article }) => article !== undefined);
    const mapped = new Set(rows.map(({ code }) => code)).size;
    if (id !== 'drug-name' && mapped + (described.get(id) ?? 0) > 0)
      systems.push({ system: id, mapped, described: described.get(id) ?? 0 });
    if (id !== 'icd-10-cm') continue;
    for (const { code, article = '' } of rows) {
      const key = chapterOf(code)?.key;
      if (key === undefined) continue;
      const ofChapter = byChapter.get(key) ?? new Set();
      byChapter.set(key, ofChapter.add(article));
    }
  }
  const groups = [...new Set(articles.flatMap((article) => article.groups))].sort();
  return { articles, byChapter, groups, systems, publishers };
}

/** The title of a listed article in a language, else in another. */
export function titleIn({ titles }: Listed, language: Language): { title: string; language: Language } | undefined {
  for (const one of languagesFrom(language)) {
    const title = titles[one];
    if (title !== undefined) return { title, language: one };
  }
  return undefined;
}

/** Gives the catalogue of the library as it is now. One reading serves all who ask meanwhile; one that failed is tried again. */
export function createCatalogue(library: Library): () => Promise<Catalogue> {
  let held: { content: string; reading: Promise<Catalogue> } | undefined;
  return () => {
    const content = contentKey(library.status());
    if (held?.content === content) return held.reading;
    const reading = readCatalogue(library);
    const mine = { content, reading };
    held = mine;
    reading.catch(() => {
      if (held === mine) held = undefined;
    });
    return reading;
  };
}
