import { ReleaseDraft } from '../build/release-draft.js';
import { NO_ROWS, type LibraryRows } from '../build/source.js';
import type { WrittenLog } from '../store/written-log.js';
import type { SqliteFile } from '../store/sqlite/binding.js';
import { ReleaseFile, type ReleasePlace, type StoredPart } from './releases/release-file.js';

/** Rows of a log, in its order: a later resource states fields of an article over those of an earlier one. */
function toRows({ resources }: WrittenLog): LibraryRows {
  const articles = new Map<string, LibraryRows['articles'][number]>();
  for (const article of resources.flatMap(({ rows }) => rows.articles))
    articles.set(article.id, { ...articles.get(article.id), ...article });
  return {
    ...NO_ROWS,
    articles: [...articles.values()],
    texts: resources.flatMap(({ rows }) => rows.texts),
    mappings: resources.flatMap(({ rows }) => rows.mappings.map((row) => ({ ...row, line: 0 }))),
    crosswalks: resources.flatMap(({ rows }) => rows.crosswalks),
  };
}

/** Release of the top layer: the content that a site has written over FHIR, as a release in memory that is written anew after each write. */
export class WrittenRelease extends ReleaseFile {
  readonly log: WrittenLog;
  /** By article. */
  readonly #versions = new Map<string, string>();

  private constructor(place: ReleasePlace, db: SqliteFile, log: WrittenLog) {
    super(place, db);
    this.log = log;
    for (const { type, id, version, rows } of log.resources) {
      const articles = new Set([...rows.articles.map((row) => row.id), ...rows.texts.map(({ article }) => article)]);
      for (const article of articles)
        this.#versions.set(article, `${this.#versions.get(article) ?? ''} ${type}/${id}/${version}`);
    }
  }

  override findPart(id: string): StoredPart | undefined {
    const part = super.findPart(id);
    return part && { ...part, versions: this.#versions.get(id) };
  }

  /** @param resourcesDir folder of the program's own files */
  static async of(place: ReleasePlace, log: WrittenLog, resourcesDir: string): Promise<WrittenRelease> {
    const draft = new ReleaseDraft(':memory:', resourcesDir);
    try {
      await draft.write(toRows(log));
      await draft.index([]);
      return new WrittenRelease({ ...place, path: '' }, draft.connection, log);
    } catch (error) {
      draft.close();
      throw error;
    }
  }
}
